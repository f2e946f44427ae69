namespace NotebookKit.Studies.Prompting;

/// <summary>Which of a data set's training prompts a model is trained on: T0's ablation over p, the number of prompts (Sanh et al. 2022, §6.2).</summary>
public enum PromptSubset
{
    /// <summary>p = 0: no prompt at all. In the paper this is T5+LM, a language model.</summary>
    None,

    /// <summary>p = 1: the first prompt that poses the data set's own task.</summary>
    One,

    /// <summary>All prompts that pose the data set's own task; 5.7 a data set in the paper.</summary>
    OriginalTask,

    /// <summary>All prompts, also those that ask for something else; 8.03 a data set in the paper.</summary>
    All,
}
