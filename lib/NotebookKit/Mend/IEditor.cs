namespace NotebookKit.Mend;

/// <summary>What teaches a model a new answer: MEND, fine-tuning, a cache.</summary>
public interface IEditor
{
    /// <summary>The editor's name in tables.</summary>
    string Name { get; }

    /// <summary>The model that it edits.</summary>
    EditableModel Model { get; }

    /// <summary>Edits the model by all rows of a batch together.</summary>
    /// <param name="batch">Questions with the answers that the model is to give from now on.</param>
    /// <returns>The model with the edit in effect: revert it, apply it, or dispose of it to leave the model as it was.</returns>
    /// <exception cref="ArgumentException">A row asks nothing, or its target is what the model says already.</exception>
    /// <exception cref="ArithmeticException">An update is not a finite number. In all cases the model is bit for bit as it was.</exception>
    EditedModel Edit(EditBatch batch);
}
