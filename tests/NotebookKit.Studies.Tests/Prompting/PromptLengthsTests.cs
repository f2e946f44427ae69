using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;
using NotebookKit.Tokenizers;

namespace NotebookKit.Tests.Prompting;

public class PromptLengthsTests
{
    private static readonly TextTokens Tokens = TextTokens.Of(new WordPieceVocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d"]));

    private static readonly PromptedExample[] Rows =
    [
        new(["a b c", "a"], ["a", "b"]),
        new(["a b c d a", "a b c"], ["a b c", "a b d"]), // input, target and both choices too long, the choices alike
        new(["a", "a b"], ["a b", "c d a"]),
    ];

    [Fact]
    public void What_a_limit_cuts_is_counted_for_input_choices_and_target()
    {
        PromptLengths lengths = PromptLengths.Of("set", "prompt", Rows, Tokens, inputLength: 3, targetLength: 3);
        Assert.Equal(new PromptLengths("set", "prompt", Examples: 3, InputsCut: 1, Choices: 6, ChoicesCut: 3, Alike: 1, TargetsCut: 1, LongestInput: 5, LongestTarget: 4), lengths);
        Assert.Equal((1 / 3.0, 0.5, 1 / 3.0, false), (lengths.InputShare, lengths.ChoiceShare, lengths.TargetShare, lengths.IsWhole));
    }

    [Fact]
    public void Exactly_the_longest_lengths_cut_nothing_and_one_less_does()
    {
        PromptLengths all = PromptLengths.Of("set", "prompt", Rows, Tokens, 1, 1);
        Assert.True(PromptLengths.Of("set", "prompt", Rows, Tokens, all.LongestInput, all.LongestTarget).IsWhole);
        Assert.Equal(1, PromptLengths.Of("set", "prompt", Rows, Tokens, all.LongestInput - 1, all.LongestTarget).InputsCut);
        Assert.Equal(3, PromptLengths.Of("set", "prompt", Rows, Tokens, all.LongestInput, all.LongestTarget - 1).ChoicesCut);
    }

    [Fact]
    public void Counts_are_what_the_tokens_lose_when_they_are_cut()
    {
        for (int longest = 1; longest <= 6; longest++)
        {
            PromptLengths lengths = PromptLengths.Of("set", "prompt", Rows, Tokens, longest, longest);
            Assert.Equal(Rows.Count(r => Tokens.Text(Tokens.Input(r.Input, longest)) != r.Input), lengths.InputsCut);
            Assert.Equal(Rows.Count(r => Tokens.Text(Tokens.Target(r.Target!, longest)) != r.Target), lengths.TargetsCut);
            Assert.Equal(Rows.SelectMany(r => r.Choices!).Count(c => Tokens.Text(Tokens.Target(c, longest)) != c), lengths.ChoicesCut);
        }
    }

    [Fact]
    public void A_prompt_without_choices_has_none_that_are_cut_and_one_without_examples_is_refused()
    {
        PromptLengths lengths = PromptLengths.Of("set", "prompt", [new(["a b", "c"], null)], Tokens, 2, 2);
        Assert.Equal((0, 0.0, 0), (lengths.Choices, lengths.ChoiceShare, lengths.Alike));
        Assert.Contains("'prompt' of set", Assert.Throws<ArgumentException>(() => PromptLengths.Of("set", "prompt", [], Tokens, 2, 2)).Message);
    }

    [Fact]
    public void The_three_lines_of_a_prompt_are_those_counted_by_hand()
    {
        PromptedExample[] examples =
        [
            new(["Opens the connection. Which name? Connect or Close", "Connect"], ["Connect", "Close"]), // conne: 1 against 0
            new(["Shuts the port. Which name? Connect or Close", "Close"], ["Connect", "Close"]),           // nothing: half a hit
            new(["Closes connections and closers. Which name? Connect or Close", "Close"], ["Connect", "Close"]), // conne and close: half a hit
            new(["Connected. Which name? Connect, Close, Closed or None", "None"], ["Connect", "Close", "Closed", "None"]), // the other one
        ];
        var lines = PromptBaselines.Of(new ZeroShotTest(ZeroShotKind.HeldOutTask, "set", "prompt", examples));
        Assert.Equal(4, lines.Examples);
        Assert.Equal((0.5 + 0.5 + 0.5 + 0.25) / 4, lines.Chance, 1e-12);
        Assert.Equal(0.5, lines.Majority, 1e-12); // position 1 is right twice
        Assert.Equal((1 + 0.5 + 0.5 + 0) / 4, lines.Overlap, 1e-12);
    }
}
