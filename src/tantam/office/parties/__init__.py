"""People and organisations outside the staff: guest, speaker, villager, donor, partner."""
