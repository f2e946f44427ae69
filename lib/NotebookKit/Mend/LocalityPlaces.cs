namespace NotebookKit.Mend;

/// <summary>Where the locality loss compares the model before and after an edit.</summary>
public enum LocalityPlaces
{
    /// <summary>At every token of the text for a language model, at every target token for an encoder and decoder, as in the authors' code.</summary>
    All,

    /// <summary>At the target tokens (paper §3.3 for question answering).</summary>
    Targets,
}
