"""What people see: lines on a terminal, tables and live logs in a notebook, plots."""
