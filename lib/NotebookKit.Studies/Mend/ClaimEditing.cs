using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using NotebookKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Mend;

/// <summary>
/// True or false claims, asked of a classifier (the paper's FEVER task): "What is the capital of Chile? Santiago" is true. Every fact gives a true
/// claim and one false one. An edit flips what the model says of a claim, always; the paper asks for the old label in half of its edits.
/// </summary>
public sealed class ClaimEditing : EditingRegime
{
    private readonly FactBook _book;
    private readonly PretrainedBert? _trunk;
    private readonly Func<string, string, int[]> _tokens;
    private readonly int _count;
    private readonly Dictionary<Fact, Claim[]> _claims;
    private readonly Dictionary<ulong, (Claim[] Train, Claim[] Valid, Claim[] Test)> _splits = [];

    /// <summary>Takes the facts.</summary>
    /// <param name="book">The facts.</param>
    /// <param name="trunk">A pretrained BERT that learns the claims, with its own word pieces; null for one with random weights and whole words.</param>
    /// <exception cref="FileNotFoundException">The pretrained weights are not on this machine.</exception>
    public ClaimEditing(FactBook book, PretrainedBert? trunk = null)
    {
        (_book, _trunk) = (book, trunk);
        if (trunk is null)
        {
            // A first token of its own, whose vector the classifier reads.
            WordCoder words = new(book);
            (_count, _tokens) = (words.Count + 1, (question, answer) => [words.Count, .. words.Question(question), .. words.Answer(answer)]);
        }
        else
        {
            var pieces = trunk.ReadPieces();
            (_count, _tokens) = (pieces.Count, (question, answer) => [pieces.ClassificationId, .. pieces.Encode(question), .. pieces.Encode(answer), pieces.SeparatorId]);
        }
        _claims = book.Facts.ToDictionary(fact => fact, fact =>
        {
            // The false answer is the same whenever the fact comes up.
            var wrong = book.OtherAnswers(fact);
            return new[] { new Claim(fact, fact.Answer, 1), new Claim(fact, wrong[(int)(new Seed(0).For(fact.ToString()).Value % (ulong)wrong.Count)], 0) };
        });
    }

    /// <inheritdoc/>
    public override string Name => $"{(_trunk is null ? "" : _trunk.Name + ", ")}claims about {string.Join(", ", _book.Relations.Select(r => r.Name))}";

    /// <inheritdoc/>
    public override string Checksum => _book.Checksum;

    /// <summary>A claim: a fact and whether it is told with its own answer.</summary>
    private sealed record Claim(Fact Fact, string Answer, int Truth);

    /// <inheritdoc/>
    public override string Damage => "drawdown, other claims";

    /// <inheritdoc/>
    public override EditableModel Build(MendStudy study, Seed seed, Device device)
    {
        var shape = (_trunk is null ? study.Bert : _trunk.Config with { HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0 }) with { VocabSize = _count, NumLabels = 1 };
        var model = new BertForSequenceClassification(shape, seed.ToInt64());
        _trunk?.LoadInto(model.Bert);
        model.to(device);
        return new EditableBert(model, EditableBert.LastMlps(shape, study.EditedBlocks));
    }

    /// <inheritdoc/>
    public override IEnumerable<TrainingStep> Teach(nn.Module model, MendStudy study, Seed seed)
    {
        var claims = Claims(_book.Facts);
        using var run = new TrainingRun(model, study.Learning.Training, seed);
        var device = model.parameters().First().device;
        while (!run.IsDone)
        {
            Random random = run.StepSeed.ToRandom();
            (Claim Claim, int[] Tokens)[] rows = [.. Enumerable.Range(0, study.Learning.BatchSize).Select(_ => claims[random.Next(claims.Length)]).Select(c => (c, Tokens(c, Phrasing(c, random))))];
            yield return run.Advance(() =>
            {
                (var ids, var mask) = Padded([.. rows.Select(r => r.Tokens)], device);
                var truth = tensor(rows.Select(r => (float)r.Claim.Truth).ToArray(), device: device).unsqueeze(1);
                return nn.functional.binary_cross_entropy_with_logits(((BertForSequenceClassification)model).call(ids, mask, null), truth);
            });
        }
        model.eval();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<EditTrial> Trials(EditableModel model, MendStudy study, EditPart part, int count, Seed seed)
    {
        if (part == EditPart.Unseen) return [];
        var others = part == EditPart.Valid ? Parts(seed).Valid : Parts(seed).Test;
        ILookup<string, Claim> ofSubject = others.ToLookup(c => c.Fact.Subject), ofRelation = others.ToLookup(c => c.Fact.Relation);
        Claim[] edited = [.. seed.For("judged").Permutation(others.Length).Take(count).Select(i => others[i])];
        return [.. edited.Select((claim, n) =>
        {
            Random random = seed.For("test").At(n).ToRandom();
            var relation = _book.Relation(claim.Fact.Relation);
            string phrasing = Phrasing(claim, random);
            int flipped = 1 - Said(model, [Tokens(claim, phrasing)])[0];
            EditExample Flipped(string p) => new(Tokens(claim, p), [flipped]);
            IReadOnlyList<EditExample> Some(Claim[] from) => [.. Enumerable.Range(0, from.Length == 0 ? 0 : study.Asked).Select(_ => from[random.Next(from.Length)]).Distinct().Select(c => new EditExample(Tokens(c, Phrasing(c, random)), [c.Truth]))];
            return new EditTrial(Flipped(phrasing), [.. relation.HeldOut.Append(relation.Trained.First(p => p != phrasing)).Select(Flipped)], new Dictionary<string, IReadOnlyList<EditExample>>
            {
                ["other claims"] = Some([.. others.Where(c => c.Fact != claim.Fact)]),
                ["same relation"] = Some([.. ofRelation[claim.Fact.Relation].Where(c => c.Fact != claim.Fact)]),
                ["same subject"] = Some([.. ofSubject[claim.Fact.Subject].Where(c => c != claim)]),
            });
        })];
    }

    /// <inheritdoc/>
    public override EditTask Task(EditableModel model, MendStudy study, Seed seed, Seed step)
    {
        var claims = Parts(seed).Train;
        Random random = step.ToRandom();
        var edits = Enumerable.Range(0, study.EditsPerStep).Select(_ =>
        {
            var claim = claims[random.Next(claims.Length)];
            var phrasings = _book.Relation(claim.Fact.Relation).Trained;
            int first = random.Next(phrasings.Count);
            return (Edit: Tokens(claim, phrasings[first]), Rephrased: Tokens(claim, phrasings[(first + 1 + random.Next(phrasings.Count - 1)) % phrasings.Count]));
        }).ToArray();
        int[] flipped = [.. Said(model, [.. edits.Select(e => e.Edit)]).Select(said => 1 - said)];
        EditExample Other(Claim claim) => new(Tokens(claim, Phrasing(claim, random)), [claim.Truth]);
        return new(
            model.Batch([.. edits.Select((e, i) => new EditExample(e.Edit, [flipped[i]]))]), model.Batch([.. edits.Select((e, i) => new EditExample(e.Rephrased, [flipped[i]]))]),
            model.Batch([.. Enumerable.Range(0, study.EditsPerStep * study.LocalityQuestions).Select(_ => Other(claims[random.Next(claims.Length)]))]),
            study.EditsPerStep / study.EditsTogether);
    }

    /// <inheritdoc/>
    public override IEnumerable<EditBatch> Texts(EditableModel model, MendStudy study, Seed seed) =>
        Parts(seed).Train.Chunk(256).Select(part => model.Batch([.. part.Select(c => new EditExample(Tokens(c, _book.Relation(c.Fact.Relation).Trained[0]), [c.Truth]))]));

    /// <summary>Share of claims that the model judges rightly, in trained and in held-out phrasings.</summary>
    public (double Trained, double HeldOut) Accuracy(EditableModel model)
    {
        var claims = Claims(_book.Facts);
        double Of(Func<FactRelation, IReadOnlyList<string>> phrasings) => claims.Chunk(256).SelectMany(part =>
            Said(model, [.. part.Select(c => Tokens(c, phrasings(_book.Relation(c.Fact.Relation))[0]))]).Zip(part, (said, c) => said == c.Truth ? 1.0 : 0)).Average();
        return (Of(r => r.Trained), Of(r => r.HeldOut));
    }

    private Claim[] Claims(IEnumerable<Fact> facts) => [.. facts.SelectMany(fact => _claims[fact])];

    private (Claim[] Train, Claim[] Valid, Claim[] Test) Parts(Seed seed)
    {
        if (_splits.TryGetValue(seed.Value, out var known)) return known;
        FactSplit split = FactSplit.Of(_book, [], seed);
        return _splits[seed.Value] = (Claims(split.Train), Claims(split.Valid), Claims(split.Test));
    }

    private string Phrasing(Claim claim, Random random)
    {
        var phrasings = _book.Relation(claim.Fact.Relation).Trained;
        return phrasings[random.Next(phrasings.Count)];
    }

    /// <summary>The token whose vector the classifier reads, the question, the answer.</summary>
    private int[] Tokens(Claim claim, string phrasing) => _tokens(FactRelation.Ask(phrasing, claim.Fact.Subject), claim.Answer);

    private static int[] Said(EditableModel model, IReadOnlyList<int[]> claims) => [.. model.Answer(claims).Select(answer => answer[0])];

    private static (Tensor Ids, Tensor Mask) Padded(IReadOnlyList<int[]> rows, Device device)
    {
        int time = rows.Max(row => row.Length);
        long[] ids = [.. rows.SelectMany(row => row.Select(t => (long)t).Concat(Enumerable.Repeat(0L, time - row.Length)))];
        long[] mask = [.. rows.SelectMany(row => row.Select(_ => 1L).Concat(Enumerable.Repeat(0L, time - row.Length)))];
        return (tensor(ids, [rows.Count, time], device: device), tensor(mask, [rows.Count, time], device: device));
    }
}
