using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>
/// A <see cref="TrainingRun"/> on disk: weights, optimizer state, seed and step. A run that is stopped and resumed continues bit for bit
/// on the CPU, since a step's random numbers follow from seed and step.
/// </summary>
/// <remarks>Layout: 8 bytes <c>NBKCKPT1</c>, the state, and the SHA-256 of all that stands before it.</remarks>
public static class Checkpoint
{
    private static readonly byte[] Magic = "NBKCKPT1"u8.ToArray();

    /// <summary>Writes the run to a file. The file under that name is the old one or the new one, never a half.</summary>
    /// <param name="path">File to write; its folder is made if need be.</param>
    /// <param name="run">The run to keep.</param>
    public static void Save(string path, TrainingRun run) => Write(path, Describe(run), writer =>
    {
        writer.Write(run.Seed.Value);
        writer.Write(run.Step);
        run.Model.save(writer);
        run.Optimizer.save_state_dict(writer);
    });

    /// <summary>Sets a run that was begun with the same model and optimizer to where the saved one stopped.</summary>
    /// <param name="path">File that <see cref="Save"/> wrote.</param>
    /// <param name="run">The run to set; it is changed only if the file is whole and fits.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or belongs to another model or optimizer.</exception>
    public static void Load(string path, TrainingRun run) => Read(path, Describe(run), reader =>
    {
        var seed = new Seed(reader.ReadUInt64());
        long step = reader.ReadInt64();
        run.Model.load(reader);
        run.Optimizer.load_state_dict(reader);
        (run.Seed, run.Step) = (seed, step);
    });

    /// <summary>Writes the weights of a trained model alone, whole or not at all.</summary>
    /// <param name="path">File to write; its folder is made if need be.</param>
    /// <param name="model">The model.</param>
    public static void SaveWeights(string path, nn.Module model) => Write(path, Describe(model), writer => model.save(writer));

    /// <summary>Gives a model the weights that <see cref="SaveWeights"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">A model of the same shape, on any device; it is changed only if the file is whole and fits.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or belongs to another model.</exception>
    public static void LoadWeights(string path, nn.Module model) => Read(path, Describe(model), reader => model.load(reader));

    private static void Write(string path, string description, Action<BinaryWriter> content) => AtomicFile.Write(path, file =>
    {
        using var sha = SHA256.Create();
        using (var hashed = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
        using (var writer = new BinaryWriter(hashed, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(description);
            content(writer);
        }
        file.Write(sha.Hash!);
    });

    private static void Read(string path, string wanted, Action<BinaryReader> content)
    {
        using var file = File.OpenRead(path);
        CheckIsWhole(path, file);
        using var reader = new BinaryReader(file);
        reader.ReadBytes(Magic.Length);
        CheckFits(path, saved: reader.ReadString(), wanted);
        using var gradients = no_grad();
        content(reader);
    }

    private static void CheckIsWhole(string path, FileStream file)
    {
        long content = file.Length - SHA256.HashSizeInBytes;
        byte[] start = new byte[Magic.Length];
        if (content < start.Length || file.ReadAtLeast(start, start.Length) < start.Length || !start.AsSpan().SequenceEqual(Magic))
            throw new InvalidDataException($"'{path}' is no checkpoint of this kit; name another file, or delete it to train from the beginning.");
        file.Position = 0;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (long left = content; left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0) break;
            sha.AppendData(buffer, 0, read);
            left -= read;
        }
        byte[] expected = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(expected);
        if (!sha.GetHashAndReset().AsSpan().SequenceEqual(expected))
            throw new InvalidDataException($"Checkpoint '{path}' is damaged: its content does not match its checksum. Restore a copy, or delete it to train from the beginning.");
        file.Position = 0;
    }

    /// <summary>Everything that must agree between the saved run and the one that takes its place, a line each.</summary>
    private static string Describe(TrainingRun run) => $"{run.Optimizer.GetType().Name} with {run.Optimizer.ParamGroups.Count()} groups\n{Describe(run.Model)}";

    private static string Describe(nn.Module model) => string.Join('\n', model.state_dict().Select(w => $"{w.Key} {w.Value.dtype} [{string.Join(", ", w.Value.shape)}]"));

    private static void CheckFits(string path, string saved, string wanted)
    {
        if (saved == wanted) return;
        string[] had = saved.Split('\n'), want = wanted.Split('\n');
        int i = had.Zip(want).TakeWhile(line => line.First == line.Second).Count();
        throw new InvalidDataException(
            $"Checkpoint '{path}' belongs to another model or optimizer: it has '{had.ElementAtOrDefault(i) ?? "nothing more"}' where this run has '{want.ElementAtOrDefault(i) ?? "nothing more"}'.");
    }
}
