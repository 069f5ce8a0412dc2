"""Runs: an experiment as a folder, which survives whatever happens to the programs that work on it.

run.json                what is computed: data, split, scaling, settings, backends, decisions
series.safetensors      the rows themselves, so that the folder is all that is needed
events.jsonl            what happened since the run was begun or resumed last
progress.json           how far each backend is inside its epoch
lock                    held by the program that works on the run
stop                    asks that program to end the training
BACKEND/training.safetensors, best.safetensors, snapshots/    see `lstm_forecasting.checkpoints`
BACKEND/forecasts.safetensors                                 the result, once there is one
"""
