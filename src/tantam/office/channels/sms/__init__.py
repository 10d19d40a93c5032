"""The text of an SMS, without any connection: alphabets, parts, receipts, labels, and the words that stop us."""
