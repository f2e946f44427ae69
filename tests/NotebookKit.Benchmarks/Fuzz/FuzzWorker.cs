using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace NotebookKit.Benchmarks.Fuzz;

/// <summary>The process that reads: one input after the other, until its time is up.</summary>
internal static class FuzzWorker
{
    private const int Shown = 5;

    public static int Run(string[] args)
    {
        var reader = FuzzReaders.All.First(r => r.Name == args[0]);
        var (seed, from, seconds, folder) = (int.Parse(args[1], CultureInfo.InvariantCulture), long.Parse(args[2], CultureInfo.InvariantCulture), double.Parse(args[3], CultureInfo.InvariantCulture), args[4]);
        using var state = FuzzState.Open(folder);
        var kinds = new HashSet<string>();
        long started = Stopwatch.GetTimestamp();
        for (long i = from; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; i++)
        {
            state.Input = i;
            var input = new FuzzInput(folder, reader.Make(Mutation.For(seed, i)));
            var begun = Environment.CpuUsage.TotalTime;
            var error = Try(reader, input);
            // The first inputs pay for the compiler.
            if (i > from + 100) state.SlowestMicroseconds = Math.Max(state.SlowestMicroseconds, (long)(Environment.CpuUsage.TotalTime - begun).TotalMicroseconds);
            if (error is null) state.Read++;
            else if (reader.IsProper(error, input)) state.Refused++;
            else
            {
                state.Wrong++;
                if (kinds.Count < Shown && kinds.Add($"{error.GetType()} {error.StackTrace?.Split('\n')[0]}")) Console.Error.WriteLine($"{reader.Name}, seed {seed}, input {i}: {error}");
            }
        }
        return 0;
    }

    /// <summary>Reads one input in this process and shows it with its end.</summary>
    public static int Show(FuzzReader reader, int seed, long number)
    {
        string folder = Directory.CreateTempSubdirectory("nbk-fuzz-").FullName;
        try
        {
            var input = new FuzzInput(folder, reader.Make(Mutation.For(seed, number)));
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(Encoding.Latin1.GetString(input.Bytes)));
            long begun = Stopwatch.GetTimestamp();
            var error = Try(reader, input);
            Console.WriteLine($"{Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0} ms: {(error is null ? "read" : reader.IsProper(error, input) ? $"refused: {error.Message}" : error)}");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Exception? Try(FuzzReader reader, FuzzInput input)
    {
        try
        {
            reader.Read(input);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}

/// <summary>What a worker has come to, in memory that outlives it.</summary>
internal sealed class FuzzState : IDisposable
{
    private const int Fields = 5;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private FuzzState(MemoryMappedFile file) => (_file, _view) = (file, file.CreateViewAccessor());

    public long Input { get => _view.ReadInt64(0); set => _view.Write(0, value); }

    public long Read { get => _view.ReadInt64(8); set => _view.Write(8, value); }

    public long Refused { get => _view.ReadInt64(16); set => _view.Write(16, value); }

    public long Wrong { get => _view.ReadInt64(24); set => _view.Write(24, value); }

    public long SlowestMicroseconds { get => _view.ReadInt64(32); set => _view.Write(32, value); }

    public long Done => Read + Refused + Wrong;

    public static FuzzState Create(string folder)
    {
        File.WriteAllBytes(PathIn(folder), new byte[Fields * sizeof(long)]);
        var state = Open(folder);
        state.Input = -1;
        return state;
    }

    public static FuzzState Open(string folder) => new(MemoryMappedFile.CreateFromFile(PathIn(folder), FileMode.Open));

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static string PathIn(string folder) => Path.Combine(folder, "state");
}
