using NotebookKit.Prompting;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Tests.Training;

public class SyntheticTasksTests
{
    private const int First = 10, Mark = 100, End = 1;

    private static readonly SyntheticTasks Tasks = new(First, Pieces: 40, Mark, End);

    /// <summary>The pieces behind the mark, and the target without its end.</summary>
    private static IEnumerable<(int[] Inputs, int[] Target)> Made(SyntheticTask task)
    {
        for (int n = 0; n < 500; n++)
        {
            TokenPair pair = Tasks.Make(task, new Seed(3).At(n));
            Assert.Equal((Mark + (int)task, End), (pair.Inputs[0], pair.Targets[^1]));
            int[] inputs = [.. pair.Inputs.Skip(1)], target = [.. pair.Targets.SkipLast(1)];
            Assert.All(target.Concat(inputs.Where(id => id != Mark + 3)), id => Assert.InRange(id, First, First + 39));
            yield return (inputs, target);
        }
    }

    [Fact]
    public void A_copy_is_two_to_eight_pieces_again()
    {
        var made = Made(SyntheticTask.Copy).ToList();
        Assert.All(made, m => Assert.Equal(m.Inputs, m.Target));
        Assert.Equal(Enumerable.Range(2, 7), made.Select(m => m.Inputs.Length).Distinct().Order());
    }

    [Fact]
    public void What_occurs_twice_is_named_in_its_order()
    {
        foreach (var (inputs, target) in Made(SyntheticTask.NameTwice))
        {
            // By counting: the first occurrences that have a second one behind them.
            Assert.Equal(inputs.Where((id, i) => Array.IndexOf(inputs, id) == i && Array.LastIndexOf(inputs, id) > i), target);
            Assert.InRange(target.Length, 1, 2);
        }
    }

    [Fact]
    public void Exactly_one_segment_shares_a_piece_with_the_text_and_all_are_equally_long()
    {
        var places = new Dictionary<(int Place, int Of), int>();
        foreach (var (inputs, target) in Made(SyntheticTask.Match))
        {
            List<List<int>> parts = [[]];
            foreach (int id in inputs)
            {
                if (id == Mark + 3) parts.Add([]);
                else parts[^1].Add(id);
            }
            var segments = parts[1..];
            Assert.InRange(segments.Count, 2, 4);
            Assert.Single(segments.Select(s => s.Count).Distinct());
            var right = Assert.Single(segments, s => s.Intersect(parts[0]).Any());
            Assert.Equal(right, target);
            var key = (segments.IndexOf(right), segments.Count);
            places[key] = places.GetValueOrDefault(key) + 1;
        }
        Assert.Equal(9, places.Count); // every place of 2, 3 and 4
    }

    [Fact]
    public void One_seed_gives_one_example_and_bad_ids_are_refused()
    {
        Assert.Equal(Tasks.Make(SyntheticTask.Match, new Seed(5)).Inputs, Tasks.Make(SyntheticTask.Match, new Seed(5)).Inputs);
        Assert.Contains("at least 32", Assert.Throws<ArgumentException>(() => (Tasks with { Pieces = 8 }).Make(SyntheticTask.Copy, new Seed(1))).Message);
        Assert.Contains("free ids", Assert.Throws<ArgumentException>(() => (Tasks with { FirstMark = 20 }).Make(SyntheticTask.Copy, new Seed(1))).Message);
    }

    [Fact]
    public void Wrong_choices_are_the_nearest_in_tokens_and_the_first_drawn_of_equals()
    {
        TextTokens tokens = TextTokens.Of(new WordPieceVocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c"]));
        string[] drawn = ["a", "a b c a b", "a b", "b c", "a b c", "c a", "b a"];
        Assert.Equal(["b c", "c a", "b a"], EqualLengthChoices.Nearest("a b", drawn, 3, tokens));
        Assert.Equal(["b c", "c a", "b a", "a", "a b c", "a b c a b"], EqualLengthChoices.Nearest("a b", [.. drawn, "b c"], 6, tokens));
        Assert.Contains("draw more", Assert.Throws<ArgumentException>(() => EqualLengthChoices.Nearest("a b", drawn, 7, tokens)).Message);
    }
}
