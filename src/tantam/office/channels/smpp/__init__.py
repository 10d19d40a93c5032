"""The link to an SMS centre (SMPP 3.4): where it is, what goes over the wire, and one connection. No database here."""
