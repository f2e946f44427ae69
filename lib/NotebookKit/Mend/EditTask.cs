namespace NotebookKit.Mend;

/// <summary>
/// What a MEND editor trains on: edits, the same edits in other words, and questions whose answers must stay (paper §3.3, Algorithm 1).
/// The rows of each batch belong to the edits in their order, the same number to each.
/// </summary>
/// <param name="Edit">x_e and y_e.</param>
/// <param name="Rephrased">x'_e and y'_e.</param>
/// <param name="Locality">x_loc.</param>
/// <param name="Groups">
/// How many edits there are, each of which changes a model of its own: 1 for one update of all rows together (a batched edit).
/// </param>
public sealed record EditTask(EditBatch Edit, EditBatch Rephrased, EditBatch Locality, int Groups = 1);
