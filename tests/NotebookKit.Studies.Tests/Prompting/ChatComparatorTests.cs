using Microsoft.Extensions.AI;
using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;
using Reply = NotebookKit.Tests.Prompting.StandInChatServer.Reply;

namespace NotebookKit.Tests.Prompting;

public sealed class ChatComparatorTests
{
    private static PromptedExample Choose(string input, string target, params string[] choices) => new([input, target], choices);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IChatClient Client(StandInChatServer server, int retries = 2, double seconds = 20) =>
        new ChatEndpoint { Address = server.Address, Model = "m", KeyVariable = "NOTEBOOKKIT_NO_SUCH_KEY", Retries = retries, Timeout = TimeSpan.FromSeconds(seconds) }.Open()!;

    [Fact]
    public async Task Answers_refusals_and_costs_are_told_apart_in_the_order_of_the_examples()
    {
        using var server = new StandInChatServer((question, _) => question switch
        {
            "good?" => Reply.Says(" Yes.\n"),
            "bad?" => Reply.Says("no"),
            "odd?" => Reply.Says("It depends on what you mean."),
            "rude?" => Reply.Declines("I will not say."),
            "filtered?" => Reply.Says("", "content_filter"),
            _ => Reply.Says("a name", usage: ""),
        });
        using IChatClient client = Client(server);
        PromptedExample[] examples =
        [
            Choose("good?", "yes", "yes", "no"), Choose("bad?", "yes", "yes", "no"), Choose("odd?", "yes", "yes", "no"), Choose("rude?", "yes", "yes", "no"),
            Choose("filtered?", "no", "yes", "no"), new(["name it", "A name"], null), new(["name another", "other"], null),
        ];

        ChatAnswers answers = await new ChatComparator(client).AskAsync(examples, cancellation: Stop);

        Assert.Equal(examples, answers.Answers.Select(a => a.Example));
        Assert.Equal(
            [AnswerOutcome.Right, AnswerOutcome.Wrong, AnswerOutcome.Unmatched, AnswerOutcome.Refused, AnswerOutcome.Refused, AnswerOutcome.Right, AnswerOutcome.Wrong],
            answers.Answers.Select(a => a.Outcome));
        Assert.Equal("I will not say.", answers.Answers[3].Text);
        Assert.Equal(2 / 7.0, answers.Accuracy, 1e-12);
        Assert.Equal((28, 8, 3), (answers.InputTokens, answers.OutputTokens, answers.Uncounted));
        Assert.Contains("2 right, 2 wrong, 1 unmatched, 2 refused, 0 failed; 28 tokens in, 8 out, 3 replies uncounted", answers.ToString());
    }

    [Fact]
    public async Task A_question_is_the_prompted_input_and_nothing_else_at_temperature_0()
    {
        using var server = new StandInChatServer((_, _) => Reply.Says("yes"));
        using IChatClient client = Client(server);
        await new ChatComparator(client).AskAsync([Choose("good?", "yes", "yes", "no")], cancellation: Stop);
        var request = Assert.Single(server.Requests);
        Assert.Equal("user", Assert.Single(request.GetProperty("messages").EnumerateArray()).GetProperty("role").GetString());
        Assert.Equal(0, request.GetProperty("temperature").GetDouble());
        Assert.Equal("m", request.GetProperty("model").GetString());

        await new ChatComparator(client) { Instruction = "Answer with one word." }.AskAsync([Choose("good?", "yes", "yes", "no")], cancellation: Stop);
        Assert.Equal(["system", "user"], server.Requests[1].GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task A_rate_that_is_exceeded_is_tried_again()
    {
        using var server = new StandInChatServer((_, earlier) => earlier == 0 ? Reply.Fails(429) : Reply.Says("yes"));
        using IChatClient client = Client(server);
        ChatAnswers answers = await new ChatComparator(client).AskAsync([Choose("good?", "yes", "yes", "no")], cancellation: Stop);
        Assert.Equal(AnswerOutcome.Right, Assert.Single(answers.Answers).Outcome);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_question_that_fails_for_good_costs_no_other_answer_and_no_accuracy()
    {
        using var server = new StandInChatServer((question, _) => question switch
        {
            "busy?" => Reply.Fails(429),
            "broken?" => Reply.Fails(500),
            "half?" => new(200, """{ "id": "1", "choices": [{ "mess"""),
            "page?" => new(200, "<html>welcome</html>"),
            "empty?" => new(200, """{ "id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [] }"""),
            "slow?" => new(200, "", Never: true),
            _ => Reply.Says("yes"),
        });
        using IChatClient client = Client(server, retries: 0, seconds: 2);
        string[] bad = ["busy?", "broken?", "half?", "page?", "empty?", "slow?"];
        ChatAnswers answers = await new ChatComparator(client).AskAsync([.. bad.Append("good?").Select(q => Choose(q, "yes", "yes", "no"))], cancellation: Stop);
        Assert.Equal(bad.Select(_ => AnswerOutcome.Failed).Append(AnswerOutcome.Right), answers.Answers.Select(a => a.Outcome));
        Assert.All(answers.Answers, a => Assert.NotEmpty(a.Text));
        Assert.Equal(1, answers.Accuracy);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_server_that_refuses_every_question_stops_the_run_and_says_where_to_look(int status)
    {
        using var server = new StandInChatServer((_, _) => Reply.Fails(status));
        using IChatClient client = Client(server);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => new ChatComparator(client) { AtOnce = 1 }.AskAsync(
            [.. Enumerable.Range(0, 5).Select(i => Choose($"{i}?", "yes", "yes", "no"))], cancellation: Stop));
        Assert.Contains($"{status}", error.Message);
        Assert.Contains("the key, the model's name and the address", error.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_cancelled_run_hands_over_the_answers_that_were_paid_for()
    {
        using var server = new StandInChatServer((question, _) => question == "good?" ? Reply.Says("yes") : new(200, "", Never: true));
        using IChatClient client = Client(server);
        using var cancel = new CancellationTokenSource();
        var kept = new Kept(cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ChatComparator(client) { AtOnce = 2 }.AskAsync(
            [Choose("good?", "yes", "yes", "no"), Choose("slow?", "yes", "yes", "no")], kept, cancel.Token));
        Assert.Equal("good?", Assert.Single(kept.Answers).Example.Input);
    }

    [Fact]
    public async Task Nothing_is_asked_if_an_example_cannot_be_judged()
    {
        using var server = new StandInChatServer((_, _) => Reply.Says("yes"));
        using IChatClient client = Client(server);
        await Assert.ThrowsAsync<ArgumentException>(() => new ChatComparator(client).AskAsync([Choose("a?", "yes", "yes", "no"), Choose("b?", "perhaps", "yes", "no")], cancellation: Stop));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void No_address_means_no_chat_model_and_an_address_needs_a_model_a_key_and_https()
    {
        Assert.Null(new ChatEndpoint().Open());
        string Error<T>(ChatEndpoint endpoint) where T : Exception => Assert.Throws<T>(() => endpoint.Open()).Message;
        Assert.Contains("not the address", Error<ArgumentException>(new() { Address = "gpt", Model = "m" }));
        Assert.Contains("https", Error<ArgumentException>(new() { Address = "http://models.example/v1", Model = "m" }));
        Assert.Contains("No model is named", Error<ArgumentException>(new() { Address = "https://models.example/v1" }));
        Assert.Contains("NOTEBOOKKIT_NO_SUCH_KEY", Error<InvalidOperationException>(new() { Address = "https://models.example/v1", Model = "m", KeyVariable = "NOTEBOOKKIT_NO_SUCH_KEY" }));
    }

    [Fact]
    public async Task The_key_comes_from_the_named_variable()
    {
        const string variable = "NOTEBOOKKIT_TEST_CHAT_KEY";
        Environment.SetEnvironmentVariable(variable, "stand-in-key");
        try
        {
            using var server = new StandInChatServer((_, _) => Reply.Says("yes"));
            using IChatClient client = new ChatEndpoint { Address = server.Address, Model = "m", KeyVariable = variable }.Open()!;
            await new ChatComparator(client).AskAsync([Choose("good?", "yes", "yes", "no")], cancellation: Stop);
            Assert.Contains("Bearer stand-in-key", Assert.Single(server.Heads));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Theory]
    [InlineData("A", "A", AnswerOutcome.Right)] // an article is an answer where answers are letters
    [InlineData("b.", "A", AnswerOutcome.Wrong)]
    [InlineData("**A**", "A", AnswerOutcome.Right)]
    [InlineData("A or B", "A", AnswerOutcome.Unmatched)]
    [InlineData("", "A", AnswerOutcome.Unmatched)]
    public void An_answer_is_matched_to_the_choices_after_normalisation(string answer, string target, AnswerOutcome outcome) =>
        Assert.Equal(outcome, AnswerMatch.Judge(Choose("?", target, "A", "B"), answer));

    [Fact]
    public void Choices_that_normalisation_would_make_one_are_told_apart_as_written_or_not_at_all()
    {
        Assert.Equal(AnswerOutcome.Right, AnswerMatch.Judge(Choose("?", "Polish", "polish", "Polish"), "Polish"));
        Assert.Equal(AnswerOutcome.Wrong, AnswerMatch.Judge(Choose("?", "Polish", "polish", "Polish"), " polish"));
        Assert.Equal(AnswerOutcome.Unmatched, AnswerMatch.Judge(Choose("?", "Polish", "polish", "Polish"), "POLISH"));
        Assert.Equal(AnswerOutcome.Right, AnswerMatch.Judge(Choose("?", "!", "!", "?"), "!"));
    }

    private sealed class Kept(CancellationTokenSource cancel) : IProgress<ChatAnswer>
    {
        public List<ChatAnswer> Answers { get; } = [];

        public void Report(ChatAnswer value)
        {
            Answers.Add(value);
            cancel.Cancel();
        }
    }
}
