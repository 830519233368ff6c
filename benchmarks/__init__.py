"""Speed and memory, measured as ratios beside a peer or the naive way, in one run; nothing is asserted."""
