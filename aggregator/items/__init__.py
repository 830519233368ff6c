"""Items: their dates and corrections, and which of them are one article."""
