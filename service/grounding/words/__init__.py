"""What words do in a claim: deny, bind, name, destroy."""
