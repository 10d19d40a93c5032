"""The design language, once for the office and for every report: colours, letters, the frame of a page that is one
file, how a number is said, the pictures that many pages share."""
