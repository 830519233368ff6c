"""JSON Feed 1.1 (jsonfeed.org): its writer and its rules."""
