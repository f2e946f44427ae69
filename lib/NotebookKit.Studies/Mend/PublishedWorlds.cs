using NotebookKit.Studies.Datasets;

namespace NotebookKit.Studies.Mend;

/// <summary>The published editing sets that are on this machine.</summary>
public static class PublishedWorlds
{
    /// <summary>A world for zsRE and one for CounterFact, as far as their files are in the folders of <c>NOTEBOOKKIT_DATA</c> or in the download cache.</summary>
    /// <param name="data">The folder of <c>datasets.json</c>.</param>
    /// <param name="rows">How many rows of each are used.</param>
    public static IEnumerable<EditingWorld> Of(string data, int rows)
    {
        var store = DatasetStore.Open(data);
        foreach ((string set, string part, bool near) in new[] { ("facts/zsre", "zsre_mend_train-1k", false), ("facts/counterfact", "counterfact-edit-1k", true) })
            if (store.Has(set, part))
                yield return EditingWorld.Of(set[6..], [.. (near ? EditRows.CounterFact(store.Locate(set, part)) : EditRows.Zsre(store.Locate(set, part))).Take(rows)], near);
    }
}
