using System.Text;
using NotebookKit.Models;
using NotebookKit.Tokenizers;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Prompting;

/// <summary>
/// Rank classification (Sanh et al. 2022, §6; Brown et al. 2020): every answer choice is scored by its log-likelihood after the input, and
/// the likeliest is the answer. <c>score(choice) = Σ log p(token | input, earlier tokens)</c>, the end token included, with no length
/// normalisation; <see cref="LengthNormalisation"/> has the others.
/// </summary>
public sealed class RankClassifier
{
    private readonly IChoiceScorer _model;
    private readonly TextTokens _tokens;
    private readonly Device _device;

    /// <summary>Reads answers off a model.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="device">Where it is; the CPU if null.</param>
    public RankClassifier(IChoiceScorer model, TextTokens tokens, Device? device = null) => (_model, _tokens, _device) = (model, tokens, device ?? CPU);

    /// <summary>Tokens of an input; longer ones are cut.</summary>
    public int InputLength { get; init; } = 1024;

    /// <summary>Tokens of a choice, its end token included.</summary>
    public int TargetLength { get; init; } = 256;

    /// <summary>Inputs that go through the encoder at once.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// The share of examples whose best choice is their target. Every example counts: one without a second part or without its target among
    /// the choices is an error, not left out.
    /// </summary>
    /// <param name="examples">Rendered examples of one prompt.</param>
    /// <param name="normalisation">None in T0.</param>
    /// <exception cref="ArgumentException">There is no example, or one has no target among its choices.</exception>
    public double Accuracy(IReadOnlyList<PromptedExample> examples, LengthNormalisation normalisation = LengthNormalisation.None) =>
        Accuracies(examples, normalisation)[0];

    /// <summary>Accuracy under several normalisations, from one pass.</summary>
    /// <inheritdoc cref="Accuracy"/>
    /// <param name="examples"/>
    /// <param name="normalisations">Which ones.</param>
    public IReadOnlyList<double> Accuracies(IReadOnlyList<PromptedExample> examples, params IReadOnlyList<LengthNormalisation> normalisations)
    {
        var scores = Score(Questions(examples));
        return [.. normalisations.Select(n => examples.Zip(scores).Average(p => p.Second.Best(n) == p.First.TargetChoice ? 1.0 : 0.0))];
    }

    /// <summary>
    /// The share of examples whose target has the highest calibrated score; see <see cref="ScoreCalibrated"/>. It stands beside the length rules, and T0 does not use it.
    /// </summary>
    /// <param name="examples">Rendered examples of one prompt.</param>
    /// <param name="premise">The input that says nothing but that an answer follows.</param>
    /// <exception cref="ArgumentException">There is no example, one has no target among its choices, or the premise has no token.</exception>
    public double CalibratedAccuracy(IReadOnlyList<PromptedExample> examples, string premise) =>
        ScoreCalibrated(Questions(examples), premise).Zip(examples).Average(p => p.First.BestCalibrated() == p.Second.TargetChoice ? 1.0 : 0.0);

    /// <summary>
    /// Scores the choices of every input, and the same choices after a premise that says nothing of the question: what the choice is worth by itself. Their difference
    /// is the pointwise mutual information of answer and input (Holtzman et al. 2021, "Surface Form Competition", the domain-conditional PMI).
    /// </summary>
    /// <param name="questions">Inputs with their choices.</param>
    /// <param name="premise">The input that says nothing but that an answer follows, such as <c>The answer is:</c>.</param>
    /// <returns>The scores in the order of the questions, with <see cref="ChoiceScores.PremiseLogProbabilities"/>.</returns>
    /// <exception cref="ArgumentException">The premise has no token.</exception>
    public IReadOnlyList<ChoiceScores> ScoreCalibrated(IReadOnlyList<(string Input, IReadOnlyList<string> Choices)> questions, string premise)
    {
        if (_tokens.Input(premise, 1).Length == 0) throw new ArgumentException("The premise is empty, and an encoder needs a token to read. Give a few words, such as 'The answer is:'.", nameof(premise));
        // Every choice once, a batch of them at a time: a prompt whose choices are texts has as many as it has examples.
        var prior = questions.SelectMany(q => q.Choices).Distinct().Chunk(BatchSize)
            .SelectMany(choices => choices.Zip(Score([(premise, choices)])[0].LogProbabilities)).ToDictionary(p => p.First, p => p.Second);
        return [.. Score(questions).Select(s => s with { PremiseLogProbabilities = [.. s.Choices.Select(c => prior[c])] })];
    }

    /// <summary>Scores the choices of every input; inputs of similar length share a batch, and each is encoded once.</summary>
    /// <param name="questions">Inputs with their choices.</param>
    /// <returns>The scores in the order of the questions.</returns>
    public IReadOnlyList<ChoiceScores> Score(IReadOnlyList<(string Input, IReadOnlyList<string> Choices)> questions)
    {
        var encoded = questions.Select((q, i) => (Index: i, Input: _tokens.Input(q.Input, InputLength), Choices: q.Choices.Select(c => _tokens.Target(c, TargetLength)).ToArray())).ToList();
        var scores = new ChoiceScores[questions.Count];
        foreach (var batch in encoded.OrderBy(q => q.Input.Length).Chunk(BatchSize))
        {
            double[] sums = Sums([.. batch.Select(q => q.Input)], [.. batch.Select(q => q.Choices)]);
            int at = 0;
            foreach (var (index, _, choices) in batch)
            {
                scores[index] = new(questions[index].Choices, sums[at..(at + choices.Length)], [.. choices.Select(c => c.Length)]);
                at += choices.Length;
            }
        }
        return scores;
    }

    /// <summary>The inputs and choices of examples that can be ranked.</summary>
    private static IReadOnlyList<(string Input, IReadOnlyList<string> Choices)> Questions(IReadOnlyList<PromptedExample> examples)
    {
        if (examples.Count == 0) throw new ArgumentException("There is no example to take an accuracy over.", nameof(examples));
        if (examples.FirstOrDefault(e => e.TargetChoice < 0) is { } wrong)
            throw new ArgumentException($"The target '{wrong.Target}' is none of the choices ({string.Join(", ", wrong.Choices ?? [])}); rank classification needs a prompt with answer choices.", nameof(examples));
        return [.. examples.Select(e => (e.Input, e.Choices!))];
    }

    /// <summary>log p(y | x) of every choice y after its input x, input by input.</summary>
    internal double[] Sums(int[][] inputs, int[][][] choices)
    {
        using var scope = NewDisposeScope();
        var (inputIds, inputMask) = Padded(inputs);
        var (answerIds, answerMask) = Padded([.. choices.SelectMany(c => c)]);
        var inputOf = tensor(choices.SelectMany((c, i) => Enumerable.Repeat((long)i, c.Length)).ToArray(), device: _device);
        // score(y) = Σ_t log p(y_t | y_<t, x), a row for each choice
        return [.. _model.AnswerLogProbabilities(inputIds, inputMask, answerIds, answerMask, inputOf).sum(1).to(float64).cpu().data<double>()];
    }

    private (Tensor Ids, Tensor Mask) Padded(int[][] rows) => TokenBatch.Of(rows, _tokens.PaddingId, shortest: 1).IdsAndMask(_device);
}

/// <summary>What a model thinks of the answer choices of one input.</summary>
/// <param name="Choices">The choices.</param>
/// <param name="LogProbabilities">log p(choice | input): the sum over its tokens, the end token included.</param>
/// <param name="Tokens">Number of tokens of each choice, the end token included.</param>
public sealed record ChoiceScores(IReadOnlyList<string> Choices, IReadOnlyList<double> LogProbabilities, IReadOnlyList<int> Tokens)
{
    /// <summary>log p(choice | premise), the premise saying nothing of the question; null if it was not asked for.</summary>
    public IReadOnlyList<double>? PremiseLogProbabilities { get; init; }

    /// <summary>The calibrated score of a choice, its pointwise mutual information with the input.</summary>
    /// <param name="choice">Its position.</param>
    /// <exception cref="InvalidOperationException">The scores were made without a premise.</exception>
    public double Calibrated(int choice)
    {
        if (PremiseLogProbabilities is not { } premise) throw new InvalidOperationException("These scores have no premise to be calibrated by; make them with ScoreCalibrated.");
        // PMI(choice; input) = log p(choice | input) − log p(choice | premise)
        return LogProbabilities[choice] - premise[choice];
    }

    /// <summary>The position of the choice with the highest calibrated score; the first of equals.</summary>
    /// <exception cref="InvalidOperationException">The scores were made without a premise.</exception>
    public int BestCalibrated() => Enumerable.Range(0, Choices.Count).MaxBy(Calibrated);

    /// <summary>The score of a choice.</summary>
    /// <param name="choice">Its position.</param>
    /// <param name="normalisation">None in T0.</param>
    public double Score(int choice, LengthNormalisation normalisation = LengthNormalisation.None) => normalisation switch
    {
        LengthNormalisation.PerToken => LogProbabilities[choice] / Tokens[choice],
        LengthNormalisation.PerByte => LogProbabilities[choice] / Math.Max(1, Encoding.UTF8.GetByteCount(Choices[choice])),
        _ => LogProbabilities[choice],
    };

    /// <summary>The position of the choice with the highest score; the first of equals.</summary>
    /// <param name="normalisation">None in T0.</param>
    public int Best(LengthNormalisation normalisation = LengthNormalisation.None) =>
        Enumerable.Range(0, Choices.Count).MaxBy(choice => Score(choice, normalisation));
}

/// <summary>How the log-probabilities of an answer's tokens become its score.</summary>
public enum LengthNormalisation
{
    /// <summary>Σ log p: T0's rule. A long answer pays for every token.</summary>
    None,

    /// <summary>Σ log p / number of tokens, the end token included.</summary>
    PerToken,

    /// <summary>Σ log p / number of UTF-8 bytes of the answer: it does not depend on how the tokenizer cuts.</summary>
    PerByte,
}
