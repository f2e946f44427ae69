using NotebookKit.Templates.Language;

namespace NotebookKit.Prompting;

/// <summary>
/// A mixture of prompted data sets: expected proportions, and the order in which training draws from its components. Both kinds of
/// sampling are repeatable from their seed.
/// </summary>
public sealed class Mixture
{
    private readonly double[] _cumulative;

    /// <summary>Weighs data sets by a rule.</summary>
    /// <exception cref="ArgumentException">There is nothing to draw from: no data set, one without prompts or examples.</exception>
    public Mixture(IEnumerable<MixtureSource> sources, MixtureRule rule)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(rule);
        var rated = new List<(string Dataset, string Prompt, double Rate)>();
        foreach (var source in sources)
        {
            if (source.Prompts.Count == 0) throw new ArgumentException($"'{source.Dataset}' has no prompts; leave it out of the mixture.");
            if (source.TrainExamples <= 0) throw new ArgumentException($"'{source.Dataset}' has no training examples; leave it out of the mixture.");
            double rate = rule.Rate(source);
            if (!(rate > 0) || double.IsInfinity(rate)) throw new ArgumentException($"The rule {rule} gives '{source.Dataset}' the rate {rate}; it must be a positive number.");
            rated.AddRange(source.Prompts.Select(prompt => (source.Dataset, prompt, rate)));
        }
        if (rated.Count == 0) throw new ArgumentException("A mixture needs at least one data set.");
        double sum = rated.Sum(r => r.Rate);
        Components = [.. rated.Select(r => new MixtureComponent(r.Dataset, r.Prompt, r.Rate, r.Rate / sum))];
        _cumulative = new double[Components.Count];
        double total = 0;
        for (int i = 0; i < _cumulative.Length; i++) _cumulative[i] = total += Components[i].Rate;
    }

    /// <summary>The components, in the order of the sources and their prompts.</summary>
    public IReadOnlyList<MixtureComponent> Components { get; }

    /// <summary>The part of every data set: the sum over its prompts, largest first.</summary>
    public IReadOnlyList<(string Dataset, int Prompts, double Proportion)> ByDataset() =>
        [.. Components.GroupBy(c => c.Dataset).Select(g => (g.Key, g.Count(), g.Sum(c => c.Proportion))).OrderByDescending(d => d.Item3)];

    /// <summary>Components drawn at random by their proportions, without end.</summary>
    /// <param name="seed">The same seed gives the same sequence.</param>
    /// <returns>Positions in <see cref="Components"/>.</returns>
    public IEnumerable<int> Sample(ulong seed)
    {
        var random = ChoiceSource.Seeded(seed);
        while (true)
        {
            // 30 bits are plenty for a choice among thousands, and the same on every machine.
            double at = (random.Next(1 << 30) + 0.5) / (1 << 30) * _cumulative[^1];
            int found = Array.BinarySearch(_cumulative, at);
            yield return Math.Min(found < 0 ? ~found : found + 1, _cumulative.Length - 1);
        }
    }

    /// <summary>
    /// Exactly <paramref name="count"/> draws in random order, in which every component occurs as often as its proportion says, rounded
    /// by largest remainders: what a small budget needs, where chance would give some prompts nothing.
    /// </summary>
    /// <param name="count">Number of draws.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <returns>Positions in <see cref="Components"/>.</returns>
    public IReadOnlyList<int> SampleExactly(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] counts = [.. Components.Select(c => (int)Math.Floor(c.Proportion * count))];
        // Rounding down leaves fewer than one draw a component; the largest remainders get them.
        int[] order = Enumerable.Range(0, counts.Length)
            .OrderByDescending(i => Components[i].Proportion * count - counts[i]).ThenBy(i => i).ToArray();
        int missing = count - counts.Sum();
        for (int i = 0; i < missing; i++) counts[order[i % order.Length]]++;
        int[] draws = [.. counts.SelectMany((n, i) => Enumerable.Repeat(i, n))];
        var random = ChoiceSource.Seeded(seed);
        for (int i = draws.Length - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (draws[i], draws[j]) = (draws[j], draws[i]);
        }
        return draws;
    }
}

/// <summary>One prompt of one data set in a mixture.</summary>
/// <param name="Dataset">Data set and subset.</param>
/// <param name="Prompt">The prompt's name.</param>
/// <param name="Rate">Its rate by the rule.</param>
/// <param name="Proportion">The part of all training examples that come from it: rate / sum of rates.</param>
public sealed record MixtureComponent(string Dataset, string Prompt, double Rate, double Proportion);
