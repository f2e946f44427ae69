namespace NotebookKit.Prompting;

/// <summary>What a model has not seen of a prompt: the two are different abilities, and a prompt may ask for either or both.</summary>
public enum PromptNovelty
{
    /// <summary>Wording and answer words were both trained.</summary>
    None,

    /// <summary>Other words ask, the same words answer.</summary>
    Wording,

    /// <summary>The same words ask, other words answer.</summary>
    AnswerWords,

    /// <summary>Other words ask and answer.</summary>
    WordingAndAnswerWords,
}
