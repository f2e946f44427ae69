namespace NotebookKit.Studies.Data;

/// <summary>
/// A classification task in three parts. No text and no group stands in two parts; a text that occurs with two labels is in
/// none. A part follows from the group's hash: 70 of 100 groups train, 15 validate, 15 test (groups are large and uneven, so
/// that 5 of 100 could miss a class). Each part is in the order of the texts' hashes, so that any prefix is a fair sample.
/// </summary>
public sealed class LabelledTexts
{
    private readonly IReadOnlyList<LabelledText>[] _parts;

    private LabelledTexts(string name, string question, IReadOnlyList<string> labels, IReadOnlyList<LabelledText>[] parts) =>
        (Name, Question, Labels, _parts) = (name, question, labels, parts);

    /// <summary>The task's short name.</summary>
    public string Name { get; }

    /// <summary>What is asked of a text, as a reader would put it.</summary>
    public string Question { get; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The examples to learn from.</summary>
    public IReadOnlyList<LabelledText> Train => this[Split.Train];

    /// <summary>The examples to choose settings with.</summary>
    public IReadOnlyList<LabelledText> Valid => this[Split.Valid];

    /// <summary>The examples to report on.</summary>
    public IReadOnlyList<LabelledText> Test => this[Split.Test];

    /// <summary>The examples of one part.</summary>
    public IReadOnlyList<LabelledText> this[Split split] => _parts[(int)split];

    /// <summary>Makes a task of candidates.</summary>
    /// <param name="name">The task's short name.</param>
    /// <param name="question">What is asked of a text.</param>
    /// <param name="candidates">Text, label and group of every candidate; texts that are not prose are left out.</param>
    /// <param name="classes">How many of the most frequent labels are kept, counted in distinct texts that do not name them.</param>
    /// <param name="wordsOfLabel">The words that would give a label away: a text with such a word of any kept label is left out.</param>
    /// <exception cref="ArgumentException">Fewer than two labels are left.</exception>
    public static LabelledTexts From(
        string name,
        string question,
        IEnumerable<(string Text, string Label, string Group)> candidates,
        int classes,
        Func<string, IEnumerable<string>> wordsOfLabel)
    {
        // One text with two labels has no right answer.
        var distinct = candidates
            .Where(c => TextCorpus.IsProse(c.Text))
            .GroupBy(c => c.Text, StringComparer.Ordinal)
            .Where(g => g.Select(c => c.Label).Distinct().Count() == 1)
            .Select(g => g.First())
            .ToList();
        var words = distinct.ConvertAll(c => WordBaseline.WordsOf(c.Text).ToHashSet(StringComparer.OrdinalIgnoreCase));
        var labels = distinct
            .Where((c, i) => !words[i].Overlaps(wordsOfLabel(c.Label)))
            .CountBy(c => c.Label)
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(classes)
            .Select(c => c.Key)
            .ToList();
        if (labels.Count < 2) throw new ArgumentException($"task {name}: {labels.Count} labels are left, a task needs two.", nameof(candidates));

        var telling = labels.SelectMany(wordsOfLabel).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var examples = distinct
            .Where((c, i) => labels.Contains(c.Label) && !words[i].Overlaps(telling))
            .OrderBy(c => StableSplit.Hash(c.Text)).ThenBy(c => c.Text, StringComparer.Ordinal)
            .Select(c => new LabelledText(c.Text, labels.IndexOf(c.Label), c.Group))
            .ToLookup(c => StableSplit.Of(c.Group, train: 70, valid: 15));
        return new(name, question, labels, [.. Enum.GetValues<Split>().Select(split => examples[split].ToList())]);
    }

    /// <summary>The same task with equally many examples of every class in each part: the first ones, up to the smallest class.</summary>
    /// <param name="most">At most so many examples a class in the training part; 0 for no bound.</param>
    public LabelledTexts Balanced(int most = 0)
    {
        return new(Name, Question, Labels, [.. Enum.GetValues<Split>().Select(Part)]);

        IReadOnlyList<LabelledText> Part(Split split)
        {
            int each = Enumerable.Range(0, Labels.Count).Min(label => this[split].Count(e => e.Label == label));
            if (split == Split.Train && most > 0) each = Math.Min(each, most);
            int[] taken = new int[Labels.Count];
            return [.. this[split].Where(e => taken[e.Label]++ < each)];
        }
    }

    /// <summary>The same task with some of its classes, in the order given: what a fixed list of answers needs.</summary>
    /// <param name="labels">At least two of <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">A label is none of the task's, or fewer than two are named.</exception>
    public LabelledTexts Only(params IReadOnlyList<string> labels)
    {
        if (labels.Except(Labels).ToList() is { Count: > 0 } unknown) throw new ArgumentException($"task {Name} has no label {string.Join(", ", unknown)}; it has {string.Join(", ", Labels)}.", nameof(labels));
        if (labels.Count < 2) throw new ArgumentException($"task {Name}: a task needs two labels.", nameof(labels));
        var position = labels.Index().ToDictionary(l => l.Item, l => l.Index);
        return new(Name, Question, labels, [.. _parts.Select(part => (IReadOnlyList<LabelledText>)[.. part
            .Where(e => position.ContainsKey(Labels[e.Label]))
            .Select(e => e with { Label = position[Labels[e.Label]] })])]);
    }

    /// <summary>The accuracy on a part of always answering the class that is most frequent in training.</summary>
    public double Majority(Split split = Split.Test)
    {
        int guess = Train.CountBy(e => e.Label).OrderByDescending(c => c.Value).ThenBy(c => c.Key).First().Key;
        return this[split].Count(e => e.Label == guess) / (double)this[split].Count;
    }

    /// <summary>What a model must beat on the test part.</summary>
    public TaskBaselines Baselines() => new(
        Majority(),
        new WordBaseline(Train, Labels.Count, mostWords: 1).Accuracy(Test),
        new WordBaseline(Train, Labels.Count).Accuracy(Test));

    /// <summary>Name, classes and counts in one line.</summary>
    public override string ToString() =>
        $"{Name}: {Labels.Count} classes ({string.Join(", ", Labels)}); {Train.Count:N0} train, {Valid.Count:N0} valid, {Test.Count:N0} test";
}

/// <summary>Accuracies on the test part of answers that need no understanding.</summary>
/// <param name="Majority">Always the most frequent class.</param>
/// <param name="FirstWord">Naive Bayes on the first word alone; near the next figure, the task is a matter of opening formulas.</param>
/// <param name="Words">Naive Bayes on all words, without their order.</param>
public sealed record TaskBaselines(double Majority, double FirstWord, double Words);
