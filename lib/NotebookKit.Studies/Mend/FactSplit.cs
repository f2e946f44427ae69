using NotebookKit.Training;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// Facts divided by subject, so that nothing an editor is tested on, neighbours included, was edited or asked for in its training; and
/// some relations kept out of the training altogether.
/// </summary>
/// <param name="Train">Facts that editors train on, as edits and as questions whose answers must stay.</param>
/// <param name="Valid">Facts on which training is watched and rates are chosen.</param>
/// <param name="Test">Facts of the relations of the training about other subjects.</param>
/// <param name="Unseen">Facts of the relations that training never touched, about those other subjects.</param>
public sealed record FactSplit(IReadOnlyList<Fact> Train, IReadOnlyList<Fact> Valid, IReadOnlyList<Fact> Test, IReadOnlyList<Fact> Unseen)
{
    /// <summary>Draws 55 % of the subjects for training, 15 % for validation and 30 % for tests.</summary>
    /// <param name="book">The facts.</param>
    /// <param name="unseen">The relations that are kept out of training and validation.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <exception cref="ArgumentException">There is no such relation.</exception>
    public static FactSplit Of(FactBook book, IReadOnlyList<string> unseen, Seed seed)
    {
        HashSet<string> kept = [.. unseen.Select(name => book.Relation(name).Name)];
        string[] subjects = [.. book.Facts.Select(f => f.Subject).Distinct()];
        int[] place = seed.For("subjects").Permutation(subjects.Length);
        var share = subjects.Select((subject, i) => (subject, Share: (double)place[i] / subjects.Length)).ToDictionary(s => s.subject, s => s.Share);
        // Facts that change with time and have an update are for tests: the story's edit must be one that no training saw.
        HashSet<string> updated = [.. book.Updates.Select(u => u.Subject)];
        double Of(Fact fact) => updated.Contains(fact.Subject) ? 1 : share[fact.Subject];
        return new(
            [.. book.Facts.Where(f => Of(f) < 0.55 && !kept.Contains(f.Relation))],
            [.. book.Facts.Where(f => Of(f) is >= 0.55 and < 0.7 && !kept.Contains(f.Relation))],
            [.. book.Facts.Where(f => Of(f) >= 0.7 && !kept.Contains(f.Relation))],
            [.. book.Facts.Where(f => Of(f) >= 0.7 && kept.Contains(f.Relation))]);
    }

    /// <summary>How many facts are in one of the parts.</summary>
    public int Count => Train.Count + Valid.Count + Test.Count + Unseen.Count;

    /// <summary>Counts in one line.</summary>
    public override string ToString() => $"{Train.Count} facts to train editors on, {Valid.Count} to choose by, {Test.Count} to test on, {Unseen.Count} more of relations that no training touched";
}
