namespace NotebookKit.Training;

/// <summary>How a learning rate goes on after its warm-up.</summary>
public enum RateSchedule
{
    /// <summary>Down to 0 in a straight line.</summary>
    Linear,

    /// <summary>Down to 0 along half a cosine.</summary>
    Cosine,

    /// <summary>As it is.</summary>
    Constant,
}
