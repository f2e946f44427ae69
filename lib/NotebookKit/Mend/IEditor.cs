namespace NotebookKit.Mend;

/// <summary>What teaches a model a new answer: MEND, its baselines and its rivals.</summary>
public interface IEditor
{
    /// <summary>The editor's name in tables.</summary>
    string Name { get; }

    /// <summary>The model that it edits.</summary>
    EditableModel Model { get; }

    /// <summary>The model with which the edited one is compared: <see cref="Model"/>, except for an editor that has trained it for its purpose.</summary>
    EditableModel Original => Model;

    /// <summary>Forward and backward passes that the last edit took: the steps of one that searches, 1 for one that does not.</summary>
    int LastSteps => 1;

    /// <summary>Edits the model by all rows of a batch together.</summary>
    /// <param name="batch">Questions with the answers that the model is to give from now on.</param>
    /// <returns>The model with the edit in effect: revert it, apply it, or dispose of it to leave the model as it was.</returns>
    /// <exception cref="ArgumentException">A row asks nothing, or its target is what the model says already.</exception>
    /// <exception cref="ArithmeticException">An update is not a finite number. In all cases the model is bit for bit as it was.</exception>
    EditedModel Edit(EditBatch batch);
}
