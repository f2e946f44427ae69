using CsCheck;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class UnitSegmenterTests
{
    [Fact]
    public void The_larger_entry_is_the_unit() =>
        Assert.Equal(["new york city | is"], Outcomes("new york city is", "new york", "york city", "new york city", "city is large").Keys);

    [Fact]
    public void Of_two_overlapping_entries_either_is_chosen_and_the_rest_is_freed()
    {
        // The paper's example: "by the way" and "the way out".
        Dictionary<string, double> outcomes = Outcomes("by the way out", "by the way", "the way out");
        Assert.Equal(["by the way | out", "by | the way out"], outcomes.Keys.Order(StringComparer.Ordinal));
        Assert.All(outcomes.Values, share => Assert.InRange(share, 0.45, 0.55));
    }

    [Fact]
    public void In_a_chain_of_three_the_middle_one_wins_one_time_in_three()
    {
        Dictionary<string, double> outcomes = Outcomes("a b c d", "a b", "b c", "c d");
        Assert.Equal(["a b | c d", "a | b c | d"], outcomes.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(outcomes["a | b c | d"], 1 / 3.0 - 0.05, 1 / 3.0 + 0.05);
    }

    [Fact]
    public void An_entry_inside_a_rejected_entry_does_not_come_back()
    {
        // "x y" is inside "x y z", which loses to "z w" half the time; x and y are then single words.
        Assert.Equal(["x y z | w", "x | y | z w"], Outcomes("x y z w", "x y", "x y z", "z w").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_empty_vocabulary_leaves_single_words() =>
        Assert.Equal(["a | b"], Outcomes("a b").Keys);

    [Fact]
    public void Units_are_those_of_the_definition() =>
        Gen.Select(GenWords(12), GenWords(5).Where(words => words.Length >= 2).Array[0, 8], Gen.ULong).Sample((words, entries, seed) =>
        {
            string[] vocabulary = [.. entries.Select(entry => string.Join(' ', entry)).Distinct()];
            MaskingRandom random = new(seed);
            IReadOnlyList<Range> units = Segmenter(vocabulary).Segment(words, ref random);
            HashSet<string> possible = [.. AllCovers(words, vocabulary)];
            Assert.Contains(Show(words, units), possible);
        }, iter: 500);

    [Fact]
    public void Every_possible_cover_comes_as_often_as_random_visiting_orders_make_it() =>
        Gen.Select(GenWords(8), GenWords(4).Where(words => words.Length >= 2).Array[1, 5], Gen.ULong).Sample((words, entries, seed) =>
        {
            string[] vocabulary = [.. entries.Select(entry => string.Join(' ', entry)).Distinct()];
            string[] covers = [.. AllCovers(words, vocabulary)];
            UnitSegmenter segmenter = Segmenter(vocabulary);
            MaskingRandom random = new(seed);
            const int draws = 2000;
            Dictionary<string, int> seen = [];
            for (int i = 0; i < draws; i++)
            {
                string cover = Show(words, segmenter.Segment(words, ref random));
                seen[cover] = seen.GetValueOrDefault(cover) + 1;
            }
            foreach (IGrouping<string, string> cover in covers.GroupBy(cover => cover))
            {
                double p = cover.Count() / (double)covers.Length;
                Assert.InRange(seen.GetValueOrDefault(cover.Key), draws * p - 6 * Math.Sqrt(draws * p * (1 - p)), draws * p + 6 * Math.Sqrt(draws * p * (1 - p)));
            }
            Assert.Empty(seen.Keys.Except(covers));
        }, iter: 40);

    private static Gen<string[]> GenWords(int most) => Gen.Char["abc"].Select(letter => letter.ToString()).Array[0, most];

    private static UnitSegmenter Segmenter(params string[] entries) =>
        new(new(entries.Select(entry => new MaskingEntry(entry, entry.Split(' ').Length))));

    private static Dictionary<string, double> Outcomes(string text, params string[] entries)
    {
        UnitSegmenter segmenter = Segmenter(entries);
        string[] words = text.Split(' ');
        MaskingRandom random = new(11);
        const int draws = 2000;
        Dictionary<string, double> outcomes = [];
        for (int i = 0; i < draws; i++)
        {
            string units = Show(words, segmenter.Segment(words, ref random));
            outcomes[units] = outcomes.GetValueOrDefault(units) + 1.0 / draws;
        }
        return outcomes;
    }

    private static string Show(string[] words, IEnumerable<Range> units) => string.Join(" | ", units.Select(unit => string.Join(' ', words[unit])));

    /// <summary>The definition, word by word: all matches, none inside another, visited in every order; one cover for each order.</summary>
    private static IEnumerable<string> AllCovers(string[] words, string[] vocabulary)
    {
        List<(int Start, int End)> matches = [];
        for (int start = 0; start < words.Length; start++)
            for (int end = start + 1; end <= words.Length; end++)
                if (vocabulary.Contains(string.Join(' ', words[start..end]))) matches.Add((start, end));
        matches = [.. matches.Where(inner => !matches.Any(outer => outer != inner && outer.Start <= inner.Start && inner.End <= outer.End))];

        foreach (List<(int Start, int End)> order in Permutations(matches))
        {
            List<(int Start, int End)> kept = [];
            foreach ((int Start, int End) match in order)
                if (kept.All(other => other.End <= match.Start || match.End <= other.Start)) kept.Add(match);
            for (int word = 0; word < words.Length; word++)
                if (!kept.Any(match => match.Start <= word && word < match.End)) kept.Add((word, word + 1));
            yield return Show(words, kept.OrderBy(unit => unit.Start).Select(unit => unit.Start..unit.End));
        }
    }

    private static IEnumerable<List<T>> Permutations<T>(List<T> items)
    {
        if (items.Count == 0) yield return [];
        for (int i = 0; i < items.Count; i++)
        {
            List<T> rest = [.. items];
            rest.RemoveAt(i);
            foreach (List<T> order in Permutations(rest)) yield return [items[i], .. order];
        }
    }
}
