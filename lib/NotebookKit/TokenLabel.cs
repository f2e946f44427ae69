namespace NotebookKit;

/// <summary>What a place of a sequence is labelled with: the token to predict, or that nothing is asked there.</summary>
public static class TokenLabel
{
    /// <summary>The label of a token that is not predicted; a cross-entropy leaves it out, as everywhere in this field.</summary>
    public const int Ignored = -100;
}
