using NotebookKit.Studies.Data;

namespace NotebookKit.Tests.Data;

public class LabelledTextsTests
{
    private static (string, string, string)[] Candidates(int n) =>
        [.. Enumerable.Range(0, n).Select(i => ($"the text number {i} about {(i % 3 == 0 ? "cats that purr" : "dogs that bark")} loudly", i % 3 == 0 ? "cat" : "dog", $"group {i % 100}"))];

    private static LabelledTexts Task(IEnumerable<(string, string, string)> candidates, int classes = 2) =>
        LabelledTexts.From("t", "?", candidates, classes, label => [label]);

    [Fact]
    public void No_text_and_no_group_stands_in_two_parts()
    {
        foreach (var task in ApiDocsTasks.All(PinnedApiDocs.Value).Append(Task(Candidates(1000))))
        {
            var parts = Enum.GetValues<Split>().Select(split => task[split]).ToList();
            Assert.All(parts, part => Assert.NotEmpty(part));
            var texts = parts.Select(p => p.Select(e => e.Text).ToHashSet()).ToList();
            var groups = parts.Select(p => p.Select(e => e.Group).ToHashSet()).ToList();
            for (var i = 0; i < 3; i++)
                for (var j = 0; j < i; j++)
                {
                    Assert.False(texts[i].Overlaps(texts[j]));
                    Assert.False(groups[i].Overlaps(groups[j]));
                }
            Assert.Equal(parts.Sum(p => p.Count), texts.Sum(t => t.Count));
        }
    }

    [Fact]
    public void Every_class_of_the_documentations_tasks_can_be_learnt_and_tested()
    {
        foreach (var task in ApiDocsTasks.All(PinnedApiDocs.Value))
            for (var label = 0; label < task.Labels.Count; label++)
            {
                Assert.True(task.Train.Count(e => e.Label == label) >= 100, $"{task.Name}, {task.Labels[label]}");
                Assert.True(task.Test.Count(e => e.Label == label) >= 20, $"{task.Name}, {task.Labels[label]}");
            }
    }

    [Fact]
    public void A_text_with_two_labels_or_with_a_labels_word_is_left_out()
    {
        var task = Task([
            .. Candidates(300),
            ("one text with two labels", "cat", "a"), ("one text with two labels", "dog", "b"),
            ("this text names the Cat outright", "cat", "c"), ("this text says cat too", "dog", "d"),
            ("concatenation is no such word", "dog", "e"),
        ]);
        var texts = Enum.GetValues<Split>().SelectMany(s => task[s]).Select(e => e.Text).ToList();
        Assert.Equal(301, texts.Count);
        Assert.Contains("concatenation is no such word", texts);
    }

    [Fact]
    public void Only_the_most_frequent_labels_are_kept()
    {
        var task = Task([.. Candidates(300), ("a rare bird sings here", "bird", "x")]);
        Assert.Equal(["dog", "cat"], task.Labels);
        Assert.Throws<ArgumentException>(() => Task(Candidates(300), classes: 1));
    }

    [Fact]
    public void Balanced_parts_hold_every_class_equally_often_and_keep_their_order()
    {
        var task = Task(Candidates(900));
        var balanced = task.Balanced(most: 50);
        foreach (var split in Enum.GetValues<Split>())
        {
            var counts = balanced[split].CountBy(e => e.Label).ToDictionary();
            Assert.Equal(counts[0], counts[1]);
            Assert.Equal(balanced[split], task[split].Where(balanced[split].Contains));
        }
        Assert.Equal(100, balanced.Train.Count);
        Assert.Equal(.5, balanced.Majority(), 12);
    }

    [Fact]
    public void Majority_is_the_share_of_the_class_that_training_has_most()
    {
        var task = Task(Candidates(900));
        Assert.Equal(task.Test.Count(e => task.Labels[e.Label] == "dog") / (double)task.Test.Count, task.Majority());
    }

    [Fact]
    public void Word_baseline_is_naive_Bayes_with_add_one_smoothing()
    {
        // By hand: P(0) = 3/5, P(1) = 2/5; vocabulary {a, b, c}, so n_0 + V = 4 + 3 and n_1 + V = 2 + 3.
        // "c": 3/5 · 1/7 = .0857 against 2/5 · 2/5 = .16; "a c": .0857 · 3/7 = .0367 against .16 · 1/5 = .032; "b": 3/5 · 3/7 against 2/5 · 2/5.
        var baseline = new WordBaseline([new("a b", 0, ""), new("A, b!", 0, ""), new("c b", 1, "")], 2);
        Assert.Equal([1, 0, 0], new[] { "c", "a c", "b" }.Select(baseline.Predict));
        // On the first word alone "b" is unknown, and the prior decides.
        var first = new WordBaseline([new("a b", 0, ""), new("a c", 0, ""), new("c b", 1, "")], 2, mostWords: 1);
        Assert.Equal([0, 1], new[] { "b c", "c a" }.Select(first.Predict));
    }

    [Fact]
    public void Member_kinds_are_given_away_by_the_first_word_and_exceptions_are_not()
    {
        var kinds = ApiDocsTasks.MemberKinds(PinnedApiDocs.Value).Baselines();
        var exceptions = ApiDocsTasks.ExceptionTypes(PinnedApiDocs.Value).Baselines();
        Assert.True(kinds.FirstWord > kinds.Words, $"{kinds}");
        Assert.True(exceptions.FirstWord < exceptions.Majority + .1, $"{exceptions}");
        Assert.InRange(exceptions.Words, exceptions.FirstWord + .2, .8);
    }
}
