"""工作日历: each year's working days as published, every publication a fact."""
