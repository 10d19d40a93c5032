"""Did it help: outcomes, differences with intervals, after-life, power; and the honest sentence for each."""
