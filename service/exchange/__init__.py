"""Tables that leave the service: what is on screen as a workbook, made in a process of its own."""
