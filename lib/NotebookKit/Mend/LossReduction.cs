namespace NotebookKit.Mend;

/// <summary>How the losses of the rows of a batch become one.</summary>
public enum LossReduction
{
    /// <summary>The sum over rows of each row's mean over its tokens (paper §3): an edit's gradient does not depend on the others in its batch.</summary>
    SumOfExamples,

    /// <summary>The mean over all tokens of the batch, as in the authors' code: a batch of n edits divides each by about n.</summary>
    MeanOfTokens,
}
