using NotebookKit.Studies.Data;

namespace NotebookKit.Tests.Data;

public class WordOrderTests
{
    private static readonly string[] Sentences = [.. Enumerable.Range(0, 400).Select(i =>
        string.Join(' ', Enumerable.Range(0, 3 + i % 16).Select(j => (i * 7 + j * 3) % 11 == 0 ? "list," : $"word{(char)('a' + (i + j * j) % 26)}")) + ".")];

    private readonly LabelledText[] task = [.. WordOrder.Of(Sentences)];

    [Fact]
    public void Half_of_the_sentences_are_as_written_and_in_the_others_exactly_two_neighbours_changed_places()
    {
        Assert.InRange(task.Count(t => t.Label == 0) - task.Count(t => t.Label == 1), 0, 1);
        foreach (LabelledText text in task)
        {
            string[] before = text.Group.Split(' '), after = text.Text.Split(' ');
            int[] changed = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
            if (text.Label == 0) Assert.Empty(changed);
            else
            {
                Assert.Equal(2, changed.Length);
                Assert.Equal(changed[0] + 1, changed[1]);
                Assert.Equal((before[changed[0]], before[changed[1]]), (after[changed[1]], after[changed[0]]));
            }
        }
    }

    [Fact]
    public void The_words_of_a_text_tell_nothing()
    {
        // A bag of words, trained on one half of the task and tested on the other, is a coin.
        WordBaseline words = new(task[..(task.Length / 2)], 2);
        Assert.InRange(words.Accuracy(task[(task.Length / 2)..]), 0.35, 0.65);
    }

    [Fact]
    public void No_mark_moves_and_sentences_out_of_bounds_are_left_out()
    {
        Assert.All(task, text => Assert.InRange(text.Group.Split(' ').Length, 5, 16));
        Assert.All(task, text => Assert.Equal(Marks(text.Group), Marks(text.Text)));
        Assert.Empty(WordOrder.Of(["", "a", "one two three four", "b, b, b, b, b, b.", "same same Same same same same"]));

        static int[] Marks(string text) => [.. text.Split(' ').Select((word, i) => word.All(char.IsLetter) ? -1 : i).Where(i => i >= 0)];
    }

    [Fact]
    public void The_same_sentences_give_the_same_task() => Assert.Equal(task, WordOrder.Of(Sentences));
}
