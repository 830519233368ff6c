"""WebSub (W3C): the hub for those who subscribe to us, and us as a subscriber of others."""
