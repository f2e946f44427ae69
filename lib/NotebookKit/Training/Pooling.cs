namespace NotebookKit.Training;

/// <summary>Which vector stands for a text.</summary>
public enum Pooling
{
    /// <summary>The mean over the vectors of its tokens, [CLS] and [SEP] included.</summary>
    Mean,

    /// <summary>The vector of [CLS].</summary>
    Classification,
}
