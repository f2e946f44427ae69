namespace NotebookKit.Training;

/// <summary>
/// The objective that turns T5 into T5+LM (Lester et al. 2021), from which T0 starts: the text is cut at a random place, the encoder reads
/// what is before, and the target is what comes after.
/// </summary>
public static class PrefixLanguageModel
{
    /// <summary>Cuts a text.</summary>
    /// <param name="tokens">At least two ids.</param>
    /// <param name="endId">Ends the target.</param>
    /// <param name="seed">The place follows from it: every cut that leaves a token on both sides is equally likely.</param>
    /// <returns>Input without end token, target with it.</returns>
    /// <exception cref="ArgumentException">The text has fewer than two tokens.</exception>
    public static TokenPair Cut(ReadOnlySpan<int> tokens, int endId, Seed seed)
    {
        if (tokens.Length < 2) throw new ArgumentException("A prefix needs two tokens: one to read and one to predict.", nameof(tokens));
        int at = seed.ToRandom().Next(1, tokens.Length);
        return new(tokens[..at].ToArray(), [.. tokens[at..], endId]);
    }

    /// <summary>The text that a pair was made of.</summary>
    /// <param name="pair">What <see cref="Cut"/> gave.</param>
    public static int[] Restore(TokenPair pair) => [.. pair.Inputs, .. pair.Targets.SkipLast(1)];
}
