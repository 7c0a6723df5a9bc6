"""公文: one model of a document, rendered as PDF, DOCX and page."""
