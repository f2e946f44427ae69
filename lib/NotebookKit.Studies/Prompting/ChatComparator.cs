using System.ClientModel;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using NotebookKit.Prompting;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// A chat model that answers the prompts of the study, as GPT-3 does in the paper (Sanh et al. 2022, §6.1). It writes where T0 ranks: see
/// <see cref="AnswerMatch"/>. Every question is a conversation of its own that holds the prompted input and nothing else.
/// </summary>
/// <param name="client">The model; it stays the caller's. See <see cref="ChatEndpoint"/>.</param>
public sealed class ChatComparator(IChatClient client)
{
    /// <summary>Questions that are asked at once.</summary>
    public int AtOnce { get; init; } = 4;

    /// <summary>The most tokens of an answer.</summary>
    public int AnswerTokens { get; init; } = 64;

    /// <summary>0 for the likeliest answer; null for models that let nobody choose.</summary>
    public float? Temperature { get; init; } = 0;

    /// <summary>What the model is told before each question; nothing by default, since the study's models are told nothing. A comparison that uses it must say so.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>Asks every example once.</summary>
    /// <param name="examples">Usable examples: input and target.</param>
    /// <param name="answered">Is given each answer as it comes, so that what was paid for outlives a cancellation.</param>
    /// <param name="cancellation">Stops the questions under way and asks no more.</param>
    /// <returns>The answers, in the order of the examples.</returns>
    /// <exception cref="ArgumentException">An example has no target, or one that is none of its choices; nothing was asked.</exception>
    /// <exception cref="InvalidOperationException">The server refuses all questions: a wrong key, model or address.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<ChatAnswers> AskAsync(IReadOnlyList<PromptedExample> examples, IProgress<ChatAnswer>? answered = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        foreach (var example in examples) _ = AnswerMatch.Judge(example, "");
        var answers = new ChatAnswer[examples.Count];
        await Parallel.ForAsync(0, examples.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, stop) =>
        {
            answers[i] = await AskAsync(examples[i], stop);
            answered?.Report(answers[i]);
        });
        return new(answers);
    }

    private async Task<ChatAnswer> AskAsync(PromptedExample example, CancellationToken stop)
    {
        ChatMessage question = new(ChatRole.User, example.Input);
        ChatMessage[] messages = Instruction.Length == 0 ? [question] : [new(ChatRole.System, Instruction), question];
        try
        {
            var response = await client.GetResponseAsync(messages, new ChatOptions { Temperature = Temperature, MaxOutputTokens = AnswerTokens }, stop);
            var refusal = response.Messages.SelectMany(m => m.Contents).OfType<ErrorContent>().FirstOrDefault();
            var outcome = refusal is not null || response.FinishReason == ChatFinishReason.ContentFilter ? AnswerOutcome.Refused
                : response.Messages.Count == 0 ? AnswerOutcome.Failed
                : AnswerMatch.Judge(example, response.Text);
            return new(example, refusal?.Message ?? response.Text, outcome, response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount);
        }
        catch (ClientResultException e) when (e.Status is 401 or 403 or 404)
        {
            throw new InvalidOperationException($"The chat model answers {e.Status} to every question: {e.Message.ReplaceLineEndings(" ")} Look at the key, the model's name and the address.", e);
        }
        catch (Exception e) when (IsFailure(e) && !stop.IsCancellationRequested)
        {
            return new(example, e.Message, AnswerOutcome.Failed, null, null);
        }
    }

    /// <summary>What a client throws for a server that fails, is too slow, or sends something else than an answer; several tries come as one.</summary>
    private static bool IsFailure(Exception e) => e switch
    {
        AggregateException several => several.InnerExceptions.All(IsFailure),
        _ => e is ClientResultException or HttpRequestException or IOException or OperationCanceledException or TimeoutException
            or JsonException or FormatException or InvalidOperationException or ArgumentOutOfRangeException or KeyNotFoundException,
    };
}

/// <summary>One answer of a chat model.</summary>
/// <param name="Example">What was asked.</param>
/// <param name="Text">What was written; the reason of a refusal or a failure.</param>
/// <param name="Outcome">What it counts for.</param>
/// <param name="InputTokens">Tokens of the question by the server's count; null if it does not tell.</param>
/// <param name="OutputTokens">Tokens of the answer by the server's count; null if it does not tell.</param>
public sealed record ChatAnswer(PromptedExample Example, string Text, AnswerOutcome Outcome, long? InputTokens, long? OutputTokens);

/// <summary>The answers to a prompt's examples, and what they cost.</summary>
/// <param name="Answers">In the order of the examples.</param>
public sealed record ChatAnswers(IReadOnlyList<ChatAnswer> Answers)
{
    /// <summary>How many answers came to this.</summary>
    /// <param name="outcome">Which outcome.</param>
    public int Count(AnswerOutcome outcome) => Answers.Count(a => a.Outcome == outcome);

    /// <summary>
    /// The share of right answers among the questions that got a reply: unmatched answers and refusals count as not right, failures of the server are left out and
    /// stand in <see cref="ToString"/>. NaN if nothing came.
    /// </summary>
    public double Accuracy => Count(AnswerOutcome.Right) / (double)(Answers.Count - Count(AnswerOutcome.Failed));

    /// <summary>Tokens of all questions, as far as the server counts them.</summary>
    public long InputTokens => Answers.Sum(a => a.InputTokens ?? 0);

    /// <summary>Tokens of all answers, as far as the server counts them.</summary>
    public long OutputTokens => Answers.Sum(a => a.OutputTokens ?? 0);

    /// <summary>Replies whose tokens the server did not count: the true cost is higher.</summary>
    public int Uncounted => Answers.Count(a => a.Outcome != AnswerOutcome.Failed && (a.InputTokens ?? a.OutputTokens) is null);

    /// <summary>Outcomes and costs in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Answers.Count:N0} asked: {Count(AnswerOutcome.Right):N0} right, {Count(AnswerOutcome.Wrong):N0} wrong, {Count(AnswerOutcome.Unmatched):N0} unmatched, {Count(AnswerOutcome.Refused):N0} refused, {Count(AnswerOutcome.Failed):N0} failed; {InputTokens:N0} tokens in, {OutputTokens:N0} out{(Uncounted > 0 ? $", {Uncounted:N0} replies uncounted" : "")}");
}
