"""What is told, to whom, over which range: composed once, kept frozen, shown as page, PDF, table or JSON."""
