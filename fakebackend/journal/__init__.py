"""What has happened: requests counted and kept, and the reports that are made of them."""
