using NotebookKit.Prompting;

namespace NotebookKit.Tests.Prompting;

public class LexicalOverlapTests
{
    [Theory]
    [InlineData("GetConnectionName", "get conne name")]
    [InlineData("HTTPServer2 ipv6", "http serve 2 ipv 6")]
    [InlineData("Connected, connection!", "conne conne")]
    [InlineData("Größenänderung", "größe")]
    [InlineData("", "")]
    public void A_stem_is_the_first_five_letters_of_a_word_in_lower_case(string text, string stems) =>
        Assert.Equal(stems, string.Join(' ', LexicalOverlap.Stems(text)));

    [Fact]
    public void Distinct_stems_are_counted() =>
        Assert.Equal([2, 1, 0], LexicalOverlap.Shared("closes the connected port", ["CloseClosePort", "connection", "none"]));

    [Fact]
    public void A_list_of_all_choices_in_the_input_counts_for_none_of_them()
    {
        Assert.Equal([1, 0], LexicalOverlap.Shared("connects a port: Connect or Close?", ["Connect", "Close"]));
        Assert.Equal([0, 0], LexicalOverlap.Shared("which: Port, Port Number", ["Port", "Port Number"]));
    }

    [Fact]
    public void A_single_choice_that_stands_in_the_input_is_no_list() =>
        Assert.Equal([1, 0], LexicalOverlap.Shared("the sky is blue", ["blue", "red"]));

    [Fact]
    public void Examples_without_a_target_among_their_choices_are_refused()
    {
        Assert.Contains("none of the choices", Assert.Throws<ArgumentException>(() => LexicalOverlap.Accuracy([new(["a", "b"], ["c"])])).Message);
        Assert.Throws<ArgumentException>(() => LexicalOverlap.Accuracy([]));
    }
}
