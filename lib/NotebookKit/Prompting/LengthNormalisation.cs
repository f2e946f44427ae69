namespace NotebookKit.Prompting;

/// <summary>How the log-probabilities of an answer's tokens become its score.</summary>
public enum LengthNormalisation
{
    /// <summary>Σ log p: T0's rule. A long answer pays for every token.</summary>
    None,

    /// <summary>Σ log p / number of tokens, the end token included.</summary>
    PerToken,

    /// <summary>Σ log p / number of UTF-8 bytes of the answer: it does not depend on how the tokenizer cuts.</summary>
    PerByte,
}
