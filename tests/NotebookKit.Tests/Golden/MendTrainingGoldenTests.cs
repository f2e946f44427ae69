using System.Text.Json;
using NotebookKit.Mend;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class MendTrainingGoldenTests
{
    public static TheoryData<string> Fixtures => GoldenFolders.Of(GoldenKind.MendTraining);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Losses_norms_and_parameters_of_every_step_equal_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        // "mend_edit_gpt2.safetensors (initial editor parameters and edit_lrs)": that fixture names the base model too.
        string editorFile = fixture.Root.GetProperty("editor").GetString()!.Split(' ')[0];
        using var editFixture = new GoldenFixture(Path.Combine(fixture.Folder, Path.ChangeExtension(editorFile, ".json")));
        using var setting = MendSetting.Load(editFixture);
        JsonElement config = fixture.Config, inputs = fixture.Inputs;
        int accumulate = config.GetProperty("accumulate_bs").GetInt32();
        double rate = config.GetProperty("lr").GetDouble();
        using var training = new MendTraining(setting.Editor, new()
        {
            LearningRate = rate,
            AlphaLearningRate = rate, // the reference's main optimizer moves them too, and its own optimizer for them finds no gradient
            MaximumGradientNorm = config.GetProperty("grad_clip").GetDouble(),
            EditWeight = config.GetProperty("cedit").GetDouble(),
            LocalityWeight = config.GetProperty("cloc").GetDouble(),
        }, new Seed(0));

        EditTask[] tasks = [.. inputs.GetProperty("order").EnumerateArray().Select(name => setting.Task(inputs.GetProperty("batches").GetProperty(name.GetString()!)))];
        bool Steps(int i) => fixture.ExpectedJson($"iter{i}/optimizer_stepped").GetBoolean();
        for (int next = 0; next < tasks.Length;)
        {
            // The reference steps at iterations 2, 4, …: its first window has one task more than it divides by.
            int first = next, last = Enumerable.Range(next, tasks.Length - next).First(Steps);
            next = last + 1;
            var losses = new List<MendLoss>();
            MendStep step = training.Advance(next - first, part => tasks[first + part], share: 1.0 / accumulate, heard: losses.Add);
            foreach ((MendLoss loss, int i) in losses.Select((loss, i) => (loss, first + i)))
            {
                Value($"iter{i}/loss/edit", loss.Edit);
                Value($"iter{i}/loss/loc", loss.Locality);
                Value($"iter{i}/loss/total", loss.Edit * config.GetProperty("cedit").GetDouble() + loss.Locality * config.GetProperty("cloc").GetDouble());
            }
            Value($"iter{last}/grad_norm_before_clip", step.GradientNorm);
            foreach ((string name, var parameter) in setting.Editor.Network.named_parameters())
            {
                string known = $"iter{last}/" + (name == "alpha" ? "edit_lrs" : name);
                GoldenAssert.Within(known, fixture.Expected(known), name == "alpha" ? -parameter : parameter, 1e-5, 1e-3);
            }
        }

        void Value(string name, double actual) => GoldenAssert.Within(name, fixture.Expected(name), tensor((float)actual), 1e-6, 1e-4);
    }
}
