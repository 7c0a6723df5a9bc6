"""设想: a past period lived through again under another calendar or other procedures; nothing is written."""
