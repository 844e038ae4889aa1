"""The site that stakeholders read: pages made from contracts, the manifest and a release."""
