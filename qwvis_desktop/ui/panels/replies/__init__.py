"""What came back: answers, raw replies, and going on from them."""
