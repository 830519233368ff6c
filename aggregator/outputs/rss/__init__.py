"""RSS 2.0 (rssboard.org): its writer and its rules."""
