"""A small offers file that exercises every kind of limit, on the random base of tests/a_base.py."""

TEXT = """
[round]
name_vi = "Đợt thử"
name_en = "A trial"
most = 2
holdout = "5%"
days_between_contacts = 7
most_contacts = 3

[purses.privilege]
sum = "40%"
[purses.mass]
sum = "70%"

[offers.concert]
class = "commercial"
vi = "Vé hòa nhạc"
en = "Concert"
who = "spend_6m > 800_000"
cost = 150_000
value = "0.2 * spend_6m"
seats = "2%"
group = "gift"
purse = "privilege"
holdout = "10%"

[offers.points]
class = "commercial"
who = "tenure_years >= 1"
cost = 10_000
value = "15_000 + 0.01 * spend_6m"
group = "gift"
purse = "mass"
holdout = "10%"

[offers.cafe]
class = "commercial"
who = "tenure_years > 3"
cost = 60_000
value = "90_000"
seats_per_province = "1%"
needs = "consent_care"
purse = "mass"
holdout = "10%"

[offers.bonus]
class = "commercial"
who = "promotion_ended_within(60)"
cost = 40_000
value = "0.3 * spend_1"
promotion_unit_price = "spend_1"
needs = "consent_ads"

[offers.hardship]
class = "relief"
who = "low_income"
cost = 300_000
budget = 6_000_000

[offers.camp]
class = "notice"
who = "province in ('Điện Biên', 'Lai Châu')"
cost = 300
budget_per_subscriber = 300
"""
