"""通报: composing its content from the record at a frozen position, checking it again, and drawing its charts."""
