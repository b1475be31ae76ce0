"""What people say of tones teaches how tone is read for their organization: learned by a run, checked, applied, taken back."""
