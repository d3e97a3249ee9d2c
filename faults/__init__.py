"""What happens to readers when something breaks: `make faults`. A sample is in the suite, as tests/test_faults.py."""
