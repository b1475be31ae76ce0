"""What is wrong with an ad, how sure that is, and from which numbers; or that too little was seen to say."""
