"""Evidence to an answer in a language model's words, under the same contract as everything else."""
