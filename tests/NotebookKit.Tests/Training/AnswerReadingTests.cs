using NotebookKit.Models;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public class AnswerReadingTests
{
    private static readonly WordPieceVocabulary Words = new(
        [.. WordPieceVocabulary.SpecialTokens, "the", "cat", "sat", "on", "mat", "##s", ".", "who", "dog", "ran", "red", "blue", "?"]);

    private static AnswerSpans Ask(string passage, string answer, string question = "who sat?", int length = 64)
    {
        int start = passage.IndexOf(answer, StringComparison.Ordinal);
        return AnswerSpans.Of([(question, passage, start..(start + answer.Length))], length, Words);
    }

    [Fact]
    public void An_answer_is_found_again_by_its_pieces()
    {
        var row = Ask("the dogs ran. the cats sat on mats.", "cats sat")[0];

        Assert.Equal(["cat", "##s", "sat"], row.Tokens[row.First..(row.Last + 1)].Select(id => Words.Pieces[id]));
        Assert.Equal("[SEP]", Words.Pieces[row.Tokens[row.Second - 1]]);
        Assert.Equal("the", Words.Pieces[row.Tokens[row.Second]]);
    }

    [Fact]
    public void What_does_not_fit_or_ends_within_a_piece_is_left_out_and_counted()
    {
        var questions = AnswerSpans.Of([("who?", "the cat sat", 4..7), ("who?", "the cat sat on the mat the cat sat on the mat", 4..7), ("who?", "the cats sat", 4..6)], 12, Words);

        Assert.Equal((1, 2), (questions.Count, questions.LeftOut));
        Assert.Contains("None of 1 questions", Assert.Throws<ArgumentException>(() => Ask("the cat sat", "cat", length: 5)).Message);
    }

    [Theory] // by SQuAD's rule: the mean of precision and recall of the words, harmonic; articles and punctuation do not count
    [InlineData("cats", 1, 1)]
    [InlineData("the cats", 1, 1)]
    [InlineData("cats sat", 0, 2.0 / 3)]
    [InlineData("cats sat on the mat.", 0, 0.4)]
    [InlineData("dog", 0, 0)]
    public void Answers_are_compared_by_their_words(string said, double exact, double f1)
    {
        const string passage = "dog ran on. the cats sat on the mat. red.";
        AnswerSpans.Row right = Ask(passage, "cats")[0], wrong = Ask(passage, said)[0];

        var score = AnswerScore.Of(right, (wrong.First, wrong.Last), Words);

        Assert.Equal(exact, score.ExactMatch);
        Assert.Equal(f1, score.F1, 1e-9);
    }

    [Fact]
    public void The_best_span_lies_in_the_passage_and_ends_after_it_begins()
    {
        var row = Ask("the cat sat on the mat", "cat")[0];
        float[] scores = new float[2 * row.Tokens.Length];
        scores[0] = 9; // [CLS] as the first token
        scores[row.Second + 4] = 5; // the best beginning
        scores[row.Tokens.Length + row.Second + 1] = 5; // an end before it
        scores[row.Tokens.Length + row.Second + 5] = 1;
        scores[^1] = 9; // the last [SEP] as the end

        Assert.Equal((row.Second + 4, row.Second + 5), AnswerReading.Best(scores, row));
    }

    [Fact]
    public void The_nearest_sentence_shares_the_most_with_the_question()
    {
        var questions = Ask("the dog ran. the cat sat on the mat. red blue.", "cat", "who sat on the mat?");

        // cat sat on mat: one of four words is right, and all of the answer's
        Assert.Equal(0.4, AnswerReading.NearestSentence(questions, Words).F1, 1e-9);
    }

    [Fact]
    public void A_model_learns_to_find_answers_leaves_the_trunk_alone_and_follows_its_seed()
    {
        // Where is the color? It is asked for in the same words each time and stands somewhere among others.
        static AnswerSpans Questions(int count, int seed)
        {
            var random = new Random(seed);
            string[] others = ["cat", "dog", "sat", "on", "mat", "ran"];
            return AnswerSpans.Of(Enumerable.Range(0, count).Select(_ =>
            {
                List<string> words = [.. Enumerable.Range(0, 6).Select(_ => others[random.Next(others.Length)])];
                string color = random.Next(2) == 0 ? "red" : "blue";
                words.Insert(random.Next(words.Count + 1), color);
                string passage = string.Join(' ', words);
                int start = passage.IndexOf(color, StringComparison.Ordinal);
                return ("who?", passage, start..(start + color.Length));
            }), 32, Words);
        }
        using var model = new BertForMaskedLM(SmallBert.Config with { VocabSize = Words.Count });
        float[] before = model.Weights();
        FineTuningOptions options = new() { Epochs = 15, LearningRate = 3e-3 };

        var score = AnswerReading.Score(model.Bert, Questions(200, 1), Questions(100, 2), Words, options, new Seed(1), TestContext.Current.CancellationToken);

        Assert.True(score.ExactMatch > 0.95, $"{score}");
        Assert.Equal(before, model.Weights());
        Assert.Equal(score, AnswerReading.Score(model.Bert, Questions(200, 1), Questions(100, 2), Words, options, new Seed(1), TestContext.Current.CancellationToken));
    }
}
