"""What is known of the person, and what follows from it for tonight.  Pure: facts in, a plan and sentences out."""
